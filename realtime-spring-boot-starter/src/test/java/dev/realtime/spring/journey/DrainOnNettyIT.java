package dev.realtime.spring.journey;

/** It leaves from the Netty listener. */
class DrainOnNettyIT extends DrainContract {

	DrainOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
