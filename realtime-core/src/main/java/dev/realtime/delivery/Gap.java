package dev.realtime.delivery;

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

	/** The log no longer has them. */
	public static final String EXPIRED = "expired";

	/** They were dropped from a full queue. */
	public static final String OVERFLOW = "overflow";

	/** The topic's numbering has begun anew. */
	public static final String EPOCH_CHANGED = "epoch-changed";

	/** The session is excluded from the message. */
	public static final String EXCLUDED = "excluded";

	/** A subscription to a pattern follows as many topics as it may. */
	public static final String TOO_MANY_TOPICS = "too-many-topics";

	/** An interceptor kept the message from the subscription. */
	public static final String VETOED = "vetoed";

	/** The topic has more messages than its rate, of which a sample is delivered. */
	public static final String SAMPLED = "sampled";

	/** A newer message of the same key was delivered instead. */
	public static final String CONFLATED = "conflated";

	/** The node failed to encode the message, or to hand it over. */
	public static final String FAILED = "failed";

}
