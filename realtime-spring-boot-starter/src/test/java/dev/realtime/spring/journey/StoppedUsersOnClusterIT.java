package dev.realtime.spring.journey;

import org.junit.jupiter.api.Tag;

/** Blocks and ended sessions on two nodes that share a Redis Cluster. */
@Tag("long")
class StoppedUsersOnClusterIT extends StoppedUsersContract {

	StoppedUsersOnClusterIT() {
		super(FleetServers.cluster().with());
	}

}
