package dev.realtime.spring.journey;

class PresenceBoundsOnNettyIT extends PresenceBoundsContract {

	PresenceBoundsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
