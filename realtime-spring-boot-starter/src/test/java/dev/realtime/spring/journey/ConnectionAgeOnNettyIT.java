package dev.realtime.spring.journey;

/** The age of connections on the Netty listener. */
class ConnectionAgeOnNettyIT extends ConnectionAgeContract {

	ConnectionAgeOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
