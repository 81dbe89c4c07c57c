package dev.realtime.spring.journey;

/** Blocks and ended sessions on two nodes that share a Redis Cluster. */
class StoppedUsersOnClusterIT extends StoppedUsersContract {

	StoppedUsersOnClusterIT() {
		super(FleetServers.cluster().with());
	}

}
