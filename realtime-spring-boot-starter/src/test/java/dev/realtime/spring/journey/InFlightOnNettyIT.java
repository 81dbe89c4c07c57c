package dev.realtime.spring.journey;

/** Clients' shares of what is under way, on the Netty listener. */
class InFlightOnNettyIT extends InFlightContract {

	InFlightOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

}
