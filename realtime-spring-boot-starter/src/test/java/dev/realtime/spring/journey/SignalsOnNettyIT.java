package dev.realtime.spring.journey;

class SignalsOnNettyIT extends SignalsContract {

	SignalsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
