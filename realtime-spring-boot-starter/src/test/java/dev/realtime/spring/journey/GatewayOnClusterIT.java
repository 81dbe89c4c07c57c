package dev.realtime.spring.journey;

/** Over a Redis Cluster of six processes. */
class GatewayOnClusterIT extends GatewayContract {

	GatewayOnClusterIT() {
		super(FleetServers.cluster());
	}

}
