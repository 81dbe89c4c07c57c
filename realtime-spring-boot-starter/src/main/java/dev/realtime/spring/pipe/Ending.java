package dev.realtime.spring.pipe;

import org.jspecify.annotations.Nullable;

/**
 * Why a text is about to end.
 *
 * @param outcome how it ends
 * @param reference of the log line about the source's failure, or null
 */
record Ending(StreamOutcome outcome, @Nullable String reference) {

	static Ending of(StreamOutcome outcome) {
		return new Ending(outcome, null);
	}

}
