package dev.realtime.hub;

import dev.realtime.Topic;

/**
 * A range that a subscription does not get. Its position is {@code to} afterwards.
 *
 * @param subscription the subscription's id
 * @param topic the topic
 * @param epoch the epoch of both numbers
 * @param from the first number missing
 * @param to the last number missing; {@code from - 1} when the epoch changed and nothing
 * of the new one is missing
 * @param reason a word: {@code expired}, {@code overflow}, {@code epoch-changed},
 * {@code excluded}, {@code vetoed}, {@code failed}, {@code too-many},
 * {@code too-many-topics}, {@code sampled}, {@code conflated}
 */
public record Gap(String subscription, Topic topic, String epoch, long from, long to, String reason) {

	static final String EXPIRED = "expired";

	static final String OVERFLOW = "overflow";

	static final String EPOCH_CHANGED = "epoch-changed";

	static final String EXCLUDED = "excluded";

	/** A subscription to a pattern follows as many topics as it may. */
	static final String TOO_MANY_TOPICS = "too-many-topics";

	static final String VETOED = "vetoed";

	/** The topic has more messages than its rate, of which a sample is delivered. */
	static final String SAMPLED = "sampled";

	/** A newer message of the same key was delivered instead. */
	static final String CONFLATED = "conflated";

	/** The node failed to encode the message, or to hand it over. */
	static final String FAILED = "failed";

}
