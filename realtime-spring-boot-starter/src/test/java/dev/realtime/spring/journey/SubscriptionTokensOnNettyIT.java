package dev.realtime.spring.journey;

/** Subscription tokens on the Netty listener. */
class SubscriptionTokensOnNettyIT extends SubscriptionTokensContract {

	SubscriptionTokensOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
