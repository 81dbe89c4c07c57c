package dev.realtime.spring.journey;

/** Polls and SENDs on the Netty listener. */
class PollsOnNettyIT extends PollsContract {

	PollsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
