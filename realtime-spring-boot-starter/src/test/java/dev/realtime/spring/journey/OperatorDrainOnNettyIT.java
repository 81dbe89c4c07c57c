package dev.realtime.spring.journey;

/** Clients are on the Netty listener. */
class OperatorDrainOnNettyIT extends OperatorDrainContract {

	OperatorDrainOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
