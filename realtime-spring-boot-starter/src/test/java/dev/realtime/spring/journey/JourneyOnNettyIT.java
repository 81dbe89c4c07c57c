package dev.realtime.spring.journey;

/** The journey over the Netty listener. */
class JourneyOnNettyIT extends JourneyContract {

	JourneyOnNettyIT() {
		super(FleetServers.redis(), ChatNode.ON_NETTY);
	}

}
