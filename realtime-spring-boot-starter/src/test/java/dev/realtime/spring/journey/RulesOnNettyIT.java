package dev.realtime.spring.journey;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The rules on the Netty listener; what is proven by repetition was so elsewhere. */
class RulesOnNettyIT extends RulesContract {

	RulesOnNettyIT() {
		super(ChatNode.ON_NETTY);
	}

	@Override
	@Test
	void rules1And3_publishersOnTwoNodesAreSeenInOneOrderByAll() throws Exception {
		super.rules1And3_publishersOnTwoNodesAreSeenInOneOrderByAll();
	}

	@Override
	@RepeatedTest(3)
	void rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact() throws Exception {
		super.rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact();
	}

}
