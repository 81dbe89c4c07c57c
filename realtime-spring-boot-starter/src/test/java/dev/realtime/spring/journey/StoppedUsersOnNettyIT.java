package dev.realtime.spring.journey;

/** Users are stopped on the Netty listener. */
class StoppedUsersOnNettyIT extends StoppedUsersContract {

	StoppedUsersOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
