package dev.realtime.spring.offline;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts messages to users by what became of them. Safe for any number of threads. */
final class OfflineCounts {

	private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

	OfflineCounts() {
		for (Outcome outcome : Outcome.values()) {
			this.counts.put(outcome, new LongAdder());
		}
	}

	void add(Outcome outcome) {
		of(outcome).increment();
	}

	long get(Outcome outcome) {
		return of(outcome).sum();
	}

	private LongAdder of(Outcome outcome) {
		return Objects.requireNonNull(this.counts.get(outcome));
	}

	/** What became of a message. */
	enum Outcome {

		/** Some node knew the user. */
		CONNECTED,

		/** Handlers have taken it. */
		HANDLED,

		/** A handler threw. */
		FAILED,

		/** Too many waited. */
		DROPPED,

		/** The other nodes could not be asked. */
		UNKNOWN;

		/** As a tag of a meter. */
		String tag() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
