package dev.realtime.sequence;

import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * Counts a topic's numbers outside the log that keeps its messages, atomically across the
 * fleet and without a lock. It may forget or fall behind, in an outage for example: the
 * log's unique key is what makes sure that no two messages share a number, and whoever
 * stores sets the counter again from the log when numbers turn out to be taken.
 * <p>
 * Safe for any number of threads; no method blocks. A stage fails with the counter's
 * exception, within a time limit: none stays open for ever. Numbers may have been taken
 * by a call that fails.
 */
public interface TopicCounter {

	/** What {@link #take} answers when the counter knows less than its caller. */
	long BEHIND = 0;

	/**
	 * Takes the next numbers, in one round trip; calls that are made together share it
	 * where they can.
	 * @param epoch the life of the topic's numbering; each has a counter of its own
	 * @param count how many, 1 or more
	 * @param above a number that the caller knows to be given: all must exceed it
	 * @return the first of them; or {@link #BEHIND}, and none is taken, when there is no
	 * counter or it has not come as far
	 */
	CompletionStage<Long> take(Topic topic, String epoch, int count, long above);

	/**
	 * Sets the counter unless it is further, then takes numbers.
	 * @param above the highest number that log and caller know
	 * @return the first of them
	 */
	CompletionStage<Long> takeAbove(Topic topic, String epoch, int count, long above);

	/** Whether it can be reached, as far as is known. */
	boolean isConnected();

}
