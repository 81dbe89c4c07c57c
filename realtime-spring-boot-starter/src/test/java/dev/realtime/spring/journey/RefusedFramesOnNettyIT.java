package dev.realtime.spring.journey;

/** Refusals on the Netty listener. */
class RefusedFramesOnNettyIT extends RefusedFramesContract {

	RefusedFramesOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
