package dev.realtime.spring.journey;

/** On the Netty listener. */
class WildcardsOnNettyIT extends WildcardsContract {

	WildcardsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
