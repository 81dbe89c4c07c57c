package dev.realtime.spring.journey;

/** Large credentials on the Netty listener, with frames of at most 8 KB. */
class LargeCredentialsOnNettyIT extends LargeCredentialsContract {

	LargeCredentialsOnNettyIT() {
		super("realtime.limits.max-frame-size=8KB", ChatNode.ON_NETTY);
	}

}
