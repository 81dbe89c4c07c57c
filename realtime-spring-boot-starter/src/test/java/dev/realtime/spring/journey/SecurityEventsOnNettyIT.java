package dev.realtime.spring.journey;

/** What is refused on the Netty listener. */
class SecurityEventsOnNettyIT extends SecurityEventsContract {

	SecurityEventsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
