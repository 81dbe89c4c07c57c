package dev.realtime.feed;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/** What a {@link FeedMachine} is doing. It is in exactly one of these states. */
sealed interface FeedState {

	/**
	 * The relay has not confirmed, or the log has not said where live starts.
	 *
	 * @param start where live starts, which is kept while the relay is asked again; null
	 * until the log has answered
	 * @param failures failed attempts in a row
	 */
	record Opening(@Nullable Position start, int failures) implements FeedState {
	}

	/** Nothing is known to be missing. */
	record InStep() implements FeedState {
	}

	/**
	 * The log is read, or a failed read waits to be repeated. At most one read is under
	 * way.
	 *
	 * @param failures failed attempts in a row
	 * @param fruitless answers in a row that did not move the position
	 * @param again whether something was learned since the read began, so that one more
	 * is needed
	 */
	record Reading(int failures, int fruitless, boolean again) implements FeedState {
	}

	/**
	 * The log has nothing before what is held: a number there is not settled. Only the
	 * missing message, news of the log's head or the timer end this state.
	 *
	 * @param fruitless answers in a row that did not move the position
	 */
	record Unsettled(int fruitless) implements FeedState {
	}

	/** Every event is ignored. */
	record Closed() implements FeedState {
	}

}
