package dev.realtime;

/**
 * How many messages of a topic one subscriber gets live in a second, and what is left out
 * where there are more. What is left out is announced to the subscriber as a gap with its
 * range and reason; it stays in the log, and recovery and the history have it.
 *
 * @param messagesPerSecond the most messages in a second, 1 to
 * {@value #MAX_MESSAGES_PER_SECOND}; 0 with {@link Policy#ALL}. Important messages come
 * on top of it
 * @param policy what is left out
 */
public record DeliveryRate(int messagesPerSecond, Policy policy) {

	/** Highest legal rate, in messages per second. */
	public static final int MAX_MESSAGES_PER_SECOND = 10_000;

	/** The header by which {@link Policy#LATEST} tells messages apart. */
	public static final String KEY = "key";

	/** Nothing is left out. */
	public static final DeliveryRate UNLIMITED = new DeliveryRate(0, Policy.ALL);

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when the rate lies outside its bounds, or is there
	 * without a policy that needs it
	 */
	public DeliveryRate {
		if (policy == Policy.ALL) {
			if (messagesPerSecond != 0) {
				throw new IllegalArgumentException("a rate of " + messagesPerSecond + " messages per second "
						+ "needs the policy sample or latest; the policy all delivers every message");
			}
		}
		else if (messagesPerSecond < 1 || messagesPerSecond > MAX_MESSAGES_PER_SECOND) {
			throw new IllegalArgumentException("messages per second must be 1 to " + MAX_MESSAGES_PER_SECOND
					+ " with the policy sample or latest, not " + messagesPerSecond);
		}
	}

	/** An even sample of so many messages per second. */
	public static DeliveryRate sample(int messagesPerSecond) {
		return new DeliveryRate(messagesPerSecond, Policy.SAMPLE);
	}

	/** So many messages per second, of each key the newest. */
	public static DeliveryRate latest(int messagesPerSecond) {
		return new DeliveryRate(messagesPerSecond, Policy.LATEST);
	}

	/** Whether something may be left out. */
	public boolean isLimited() {
		return this.policy != Policy.ALL;
	}

	/** What is left out of a topic that has more messages than its rate. */
	public enum Policy {

		/** Nothing; there is no rate. */
		ALL,

		/**
		 * All but an even sample: the newest message of each interval of 1/rate seconds.
		 */
		SAMPLE,

		/**
		 * A message that waits while a newer one with the same header
		 * {@value DeliveryRate#KEY} comes: of each key only the newest one waits. A
		 * message without that header is not replaced.
		 */
		LATEST

	}

}
