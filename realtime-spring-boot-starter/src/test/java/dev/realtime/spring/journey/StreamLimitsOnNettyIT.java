package dev.realtime.spring.journey;

/** Streams' limits on the Netty listener. */
class StreamLimitsOnNettyIT extends StreamLimitsContract {

	StreamLimitsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
