package dev.realtime.spring.journey;

class ConnectTimeOnNettyIT extends ConnectTimeContract {

	ConnectTimeOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
