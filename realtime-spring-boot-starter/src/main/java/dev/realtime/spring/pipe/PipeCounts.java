package dev.realtime.spring.pipe;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts texts by how they ended. Safe for any number of threads. */
final class PipeCounts {

	private final Map<StreamOutcome, LongAdder> counts = new EnumMap<>(StreamOutcome.class);

	PipeCounts() {
		for (StreamOutcome outcome : StreamOutcome.values()) {
			this.counts.put(outcome, new LongAdder());
		}
	}

	void add(StreamOutcome outcome) {
		of(outcome).increment();
	}

	long get(StreamOutcome outcome) {
		return of(outcome).sum();
	}

	private LongAdder of(StreamOutcome outcome) {
		return Objects.requireNonNull(this.counts.get(outcome));
	}

}
