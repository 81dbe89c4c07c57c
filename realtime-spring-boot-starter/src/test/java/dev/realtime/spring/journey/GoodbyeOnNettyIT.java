package dev.realtime.spring.journey;

class GoodbyeOnNettyIT extends GoodbyeContract {

	GoodbyeOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
