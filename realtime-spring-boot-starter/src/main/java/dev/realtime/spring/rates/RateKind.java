package dev.realtime.spring.rates;

import dev.realtime.spring.RatesProperties;

/** What is limited. */
enum RateKind {

	FRAMES(0, "frames"),

	PUBLISHES(1, "messages"),

	SUBSCRIBES(2, "subscriptions"),

	NEW_TOPICS(3, "new topics"),

	REPLAYS(4, "replayed messages"),

	READS(5, "requests"),

	CONNECTS(6, "connections"),

	/** Refusals because of the kinds above. */
	REFUSALS(7, "refusals");

	private static final RateKind[] ALL = values();

	private final int slot;

	private final String noun;

	RateKind(int slot, String noun) {
		this.slot = slot;
		this.noun = noun;
	}

	static int count() {
		return ALL.length;
	}

	/** Returns its place among all kinds, from 0 on. */
	int slot() {
		return this.slot;
	}

	/** Returns what one connection may do in a second. */
	int perSecond(RatesProperties properties) {
		return switch (this) {
			case FRAMES -> properties.frames();
			case PUBLISHES -> properties.publishes();
			case SUBSCRIBES -> properties.subscribes();
			case NEW_TOPICS -> properties.newTopics();
			case REPLAYS -> properties.replays();
			case READS -> properties.reads();
			case CONNECTS -> properties.connects();
			case REFUSALS -> properties.refusals();
		};
	}

	/** What people call it, in the plural. */
	String noun() {
		return this.noun;
	}

}
