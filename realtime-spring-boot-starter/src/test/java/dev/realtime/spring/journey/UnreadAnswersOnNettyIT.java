package dev.realtime.spring.journey;

/** Answers that are not read, on the Netty listener. */
class UnreadAnswersOnNettyIT extends UnreadAnswersContract {

	UnreadAnswersOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
