package dev.realtime.spring.journey;

/** The rules on the Netty listener. */
class RulesOnNettyIT extends RulesContract {

	RulesOnNettyIT() {
		super(FleetServers.redis(), ChatNode.ON_NETTY);
	}

}
