package dev.realtime.spring.journey;

/** Grants in tokens on the Netty listener. */
class TokenGrantsOnNettyIT extends TokenGrantsContract {

	TokenGrantsOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
