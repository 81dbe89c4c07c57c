package dev.realtime.spring.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a gateway has counted of its SENDs. Safe for any number of threads. */
public final class GatewayCounts {

	/** What became of a SEND that has run to its end. */
	private static final String HANDLED = "handled";

	/** A node's own refusal, whatever its word. */
	private static final String REFUSED = "refused";

	/** What became of SENDs, in one word each. */
	public static final List<String> OUTCOMES = List.of(HANDLED, Outcome.UNAVAILABLE, Outcome.UNKNOWN, "overloaded",
			"too-large", REFUSED);

	private final Map<String, LongAdder> answered = OUTCOMES.stream()
		.collect(Collectors.toUnmodifiableMap(Function.identity(), (outcome) -> new LongAdder()));

	private final LongAdder forwarded = new LongAdder();

	private final LongAdder timedOut = new LongAdder();

	/** SENDs that were handed to a node; twice if the first one did not take it. */
	public long forwarded() {
		return this.forwarded.sum();
	}

	/**
	 * SENDs whose client was answered.
	 * @param outcome one of {@link #OUTCOMES}
	 */
	public long answered(String outcome) {
		LongAdder known = this.answered.get(outcome);
		return (known != null) ? known.sum() : 0;
	}

	/** SENDs that had no answer when their time was over. */
	public long timedOut() {
		return this.timedOut.sum();
	}

	void noteForwarded() {
		this.forwarded.increment();
	}

	void noteTimedOut() {
		this.timedOut.increment();
	}

	Outcome noteAnswered(Outcome outcome) {
		LongAdder known = this.answered.get((outcome.word() != null) ? outcome.word() : HANDLED);
		if (known == null) {
			known = this.answered.get(REFUSED);
		}
		if (known != null) {
			known.increment();
		}
		return outcome;
	}

}
