package dev.realtime.spring.journey;

/** The rules on two nodes whose relay is NATS; Redis keeps the topics. */
class RulesOverNatsIT extends FleetRulesContract {

	RulesOverNatsIT() {
		super(FleetServers.nats());
	}

}
