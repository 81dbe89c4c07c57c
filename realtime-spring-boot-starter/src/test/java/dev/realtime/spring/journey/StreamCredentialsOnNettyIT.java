package dev.realtime.spring.journey;

/** Streams' credentials on the Netty listener. */
class StreamCredentialsOnNettyIT extends StreamCredentialsContract {

	StreamCredentialsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
