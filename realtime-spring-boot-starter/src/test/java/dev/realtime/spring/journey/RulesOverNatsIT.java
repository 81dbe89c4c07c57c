package dev.realtime.spring.journey;

import org.junit.jupiter.api.Tag;

/** The rules on two nodes whose relay is NATS; Redis keeps the topics. */
@Tag("long")
class RulesOverNatsIT extends FleetRulesContract {

	RulesOverNatsIT() {
		super(FleetServers.nats());
	}

}
