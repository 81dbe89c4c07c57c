package dev.realtime.spring.journey;

class SessionOnNettyIT extends SessionContract {

	SessionOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
