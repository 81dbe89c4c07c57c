package dev.realtime.spring.journey;

/** Tokens are revoked on the Netty listener. */
class RevokedTokensOnNettyIT extends RevokedTokensContract {

	RevokedTokensOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
