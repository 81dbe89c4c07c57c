package dev.realtime.spring.journey;

class SubscribeThenSendOnNettyIT extends SubscribeThenSendContract {

	SubscribeThenSendOnNettyIT() {
		super("subscribe-then-send-netty", ChatNode.ON_NETTY);
	}

}
