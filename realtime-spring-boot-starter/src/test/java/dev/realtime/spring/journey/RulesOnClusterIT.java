package dev.realtime.spring.journey;

/** The rules on two nodes that share a Redis Cluster of six processes. */
class RulesOnClusterIT extends FleetRulesContract {

	RulesOnClusterIT() {
		super(FleetServers.cluster());
	}

}
