package dev.realtime.spring.journey;

import org.junit.jupiter.api.Tag;

/** Over a Redis Cluster of six processes. */
@Tag("long")
class GatewayOnClusterIT extends GatewayContract {

	GatewayOnClusterIT() {
		super(FleetServers.cluster());
	}

}
