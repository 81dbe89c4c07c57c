package dev.realtime.spring.journey;

class TicketsOnNettyIT extends TicketsContract {

	TicketsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
