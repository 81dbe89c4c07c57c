package dev.realtime.spring.journey;

/** Mistakes on the Netty listener. */
class BadInputOnNettyIT extends BadInputContract {

	BadInputOnNettyIT() {
		super("realtime.limits.subscriptions-per-connection=3", "realtime.limits.connections-per-user=2",
				ChatNode.ON_NETTY);
	}

}
