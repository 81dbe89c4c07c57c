package dev.realtime.spring.journey;

/** The journey over the Netty listener. */
class JourneyOnNettyIT extends JourneyContract {

	JourneyOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
