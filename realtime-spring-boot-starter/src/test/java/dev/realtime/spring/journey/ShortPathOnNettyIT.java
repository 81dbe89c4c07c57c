package dev.realtime.spring.journey;

class ShortPathOnNettyIT extends ShortPathContract {

	ShortPathOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
