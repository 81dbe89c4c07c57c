package dev.realtime.spring.journey;

/** On the Netty listener. */
class ConnectMetersOnNettyIT extends ConnectMetersContract {

	ConnectMetersOnNettyIT() {
		super("netty", ChatNode.ON_NETTY);
	}

}
