package dev.realtime.spring.journey;

/** The same where nodes subscribe to partitions. */
class WildcardsOnPartitionsIT extends WildcardsContract {

	WildcardsOnPartitionsIT() {
		super("realtime.relay.subscriptions=partitions");
	}

}
