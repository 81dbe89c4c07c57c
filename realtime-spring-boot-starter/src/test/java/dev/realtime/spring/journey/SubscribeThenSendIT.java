package dev.realtime.spring.journey;

class SubscribeThenSendIT extends SubscribeThenSendContract {

	SubscribeThenSendIT() {
		super("subscribe-then-send");
	}

}
