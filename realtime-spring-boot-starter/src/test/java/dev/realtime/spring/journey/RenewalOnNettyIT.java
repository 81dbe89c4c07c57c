package dev.realtime.spring.journey;

/** Credentials are renewed on the Netty listener. */
class RenewalOnNettyIT extends RenewalContract {

	RenewalOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
