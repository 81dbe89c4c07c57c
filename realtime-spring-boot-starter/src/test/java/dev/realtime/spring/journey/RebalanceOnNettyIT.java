package dev.realtime.spring.journey;

/** Clients of the Netty listener move. */
class RebalanceOnNettyIT extends RebalanceContract {

	RebalanceOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
