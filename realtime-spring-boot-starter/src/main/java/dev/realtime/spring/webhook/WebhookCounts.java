package dev.realtime.spring.webhook;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events of one webhook. Safe for any number of threads. */
final class WebhookCounts {

	private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);

	private final LongAdder retries = new LongAdder();

	WebhookCounts() {
		for (Outcome outcome : Outcome.values()) {
			this.outcomes.put(outcome, new LongAdder());
		}
	}

	void add(Outcome outcome) {
		of(outcome).increment();
	}

	long get(Outcome outcome) {
		return of(outcome).sum();
	}

	void addRetry() {
		this.retries.increment();
	}

	/** Returns how many attempts failed and were, or would have been, repeated. */
	long retries() {
		return this.retries.sum();
	}

	private LongAdder of(Outcome outcome) {
		return Objects.requireNonNull(this.outcomes.get(outcome));
	}

}
