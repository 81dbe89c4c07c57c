package dev.realtime.spring.journey;

/** Rates on the Netty listener. */
class RatesOnNettyIT extends RatesContract {

	RatesOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
