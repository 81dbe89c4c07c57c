package dev.realtime.spring.journey;

/** Rights are decided again on the Netty listener. */
class RecheckedRightsOnNettyIT extends RecheckedRightsContract {

	RecheckedRightsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
