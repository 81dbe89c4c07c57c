package dev.realtime.broker;

import java.util.List;

import dev.realtime.TopicMessage;

/**
 * A stretch of a topic as its home region has numbered it.
 *
 * @param epoch of all its numbers
 * @param after the number before it
 * @param through up to where it is complete; numbers without a message are void
 * @param messages in ascending order, above {@code after} and up to {@code through}
 * @param replaced the epoch that a copy must have for this one to take its place; empty
 * when the run does not say that the epoch is the topic's current one
 * @param gone whether the home keeps nothing up to {@code after}, so that it may follow
 * any lower number
 */
public record NumberedRun(String epoch, long after, long through, List<TopicMessage> messages, String replaced,
		boolean gone) {

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException when they do not rise, or lie outside the run
	 */
	public NumberedRun {
		messages = List.copyOf(messages);
		long last = after;
		for (TopicMessage message : messages) {
			if (message.seq() <= last || !message.position().epoch().equals(epoch)) {
				throw new IllegalArgumentException("The numbers of a run must rise within one epoch");
			}
			last = message.seq();
		}
		if (after < 0 || through < last) {
			throw new IllegalArgumentException("A run must be complete up to its last message");
		}
	}

	/** Messages that follow each other without a hole. */
	public static NumberedRun of(List<TopicMessage> messages) {
		TopicMessage first = messages.get(0);
		return new NumberedRun(first.position().epoch(), first.seq() - 1, messages.get(messages.size() - 1).seq(),
				messages, "", false);
	}

}
