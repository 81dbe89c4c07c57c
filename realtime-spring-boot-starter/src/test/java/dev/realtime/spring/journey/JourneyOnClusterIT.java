package dev.realtime.spring.journey;

/** The journey on two nodes that share a Redis Cluster of six processes. */
class JourneyOnClusterIT extends JourneyContract {

	JourneyOnClusterIT() {
		super(FleetServers.cluster());
	}

}
