package dev.realtime.spring.journey;

import org.junit.jupiter.api.RepeatedTest;

/** The rules on one Redis. What only repetition proves of a node is proven here. */
class RulesIT extends FleetRulesContract {

	RulesIT() {
		super(FleetServers.redis());
	}

	@Override
	@RepeatedTest(5)
	void rules1And3_publishersOnTwoNodesAreSeenInOneOrderByAll() throws Exception {
		super.rules1And3_publishersOnTwoNodesAreSeenInOneOrderByAll();
	}

	@Override
	@RepeatedTest(20)
	void rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact() throws Exception {
		super.rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact();
	}

}
