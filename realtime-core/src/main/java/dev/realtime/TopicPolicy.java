package dev.realtime;

import java.time.Duration;

/**
 * How a topic is kept and delivered.
 *
 * @param historySize how many messages are kept, at least; 1 to 1,000,000
 * @param historyTime how long messages are kept after the topic's last one; 1 s or more
 * @param idempotencyWindow how long a message id is remembered; 1 s or more
 * @param overflow what happens when a message meets a full queue
 * @param queueMessages how many messages of this topic may wait for one subscriber; the
 * connection's own bound holds as well
 * @param queueBytes how many bytes of this topic's frames may wait for one subscriber
 * @param presence whether members are tracked
 * @param clientPublish whether a client may SEND straight to the topic
 * @param durable whether its messages are kept in the durable log, where the node has
 * one; else, and in any other node, where the fleet keeps them
 * @param rate how many messages a subscriber gets in a second, and what is left out
 */
public record TopicPolicy(int historySize, Duration historyTime, Duration idempotencyWindow, Overflow overflow,
		int queueMessages, int queueBytes, boolean presence, boolean clientPublish, boolean durable,
		DeliveryRate rate) {

	/**
	 * 10,000 messages for 24 hours, ids remembered for 5 minutes, a subscriber is
	 * disconnected at 1,000 waiting messages or 1 MiB, no presence, no client publish,
	 * durable, and every message is delivered.
	 */
	public static final TopicPolicy DEFAULT = new TopicPolicy(10_000, Duration.ofHours(24), Duration.ofMinutes(5),
			Overflow.DISCONNECT, 1_000, 1 << 20, false, false, true, DeliveryRate.UNLIMITED);

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a value lies outside its bounds
	 */
	public TopicPolicy {
		check(historySize >= 1 && historySize <= 1_000_000, "history size must be 1 to 1000000, not " + historySize);
		check(historyTime.toMillis() >= 1_000, "history time must be 1s or more, not " + historyTime);
		check(idempotencyWindow.toMillis() >= 1_000, "idempotency window must be 1s or more, not " + idempotencyWindow);
		check(queueMessages >= 1, "queue messages must be 1 or more, not " + queueMessages);
		check(queueBytes >= 1_024, "queue bytes must be 1024 or more, not " + queueBytes);
	}

	/** Returns a builder that starts from {@link #DEFAULT}. */
	public static Builder builder() {
		return DEFAULT.toBuilder();
	}

	/** Returns a builder that starts from this policy. */
	public Builder toBuilder() {
		return new Builder(this);
	}

	private static void check(boolean legal, String message) {
		if (!legal) {
			throw new IllegalArgumentException("Topic policy: " + message);
		}
	}

	/** Builds a policy; for one thread. What is not set stays as it started. */
	public static final class Builder {

		private int historySize;

		private Duration historyTime;

		private Duration idempotencyWindow;

		private Overflow overflow;

		private int queueMessages;

		private int queueBytes;

		private boolean presence;

		private boolean clientPublish;

		private boolean durable;

		private DeliveryRate rate;

		private Builder(TopicPolicy start) {
			this.historySize = start.historySize;
			this.historyTime = start.historyTime;
			this.idempotencyWindow = start.idempotencyWindow;
			this.overflow = start.overflow;
			this.queueMessages = start.queueMessages;
			this.queueBytes = start.queueBytes;
			this.presence = start.presence;
			this.clientPublish = start.clientPublish;
			this.durable = start.durable;
			this.rate = start.rate;
		}

		/**
		 * Sets how many messages are kept, and for how long after the topic's last one.
		 * @param size 1 to 1,000,000
		 * @param time 1 s or more
		 */
		public Builder history(int size, Duration time) {
			this.historySize = size;
			this.historyTime = time;
			return this;
		}

		/**
		 * Sets how long a message id is remembered.
		 * @param window 1 s or more
		 */
		public Builder idempotencyWindow(Duration window) {
			this.idempotencyWindow = window;
			return this;
		}

		/**
		 * Sets how much of the topic may wait for one subscriber, and what happens beyond
		 * it.
		 * @param messages 1 or more
		 * @param bytes of frames; 1,024 or more
		 */
		public Builder queue(int messages, int bytes, Overflow overflow) {
			this.queueMessages = messages;
			this.queueBytes = bytes;
			this.overflow = overflow;
			return this;
		}

		/** Sets whether members are tracked. */
		public Builder presence(boolean presence) {
			this.presence = presence;
			return this;
		}

		/** Sets whether a client may SEND straight to the topic. */
		public Builder clientPublish(boolean clientPublish) {
			this.clientPublish = clientPublish;
			return this;
		}

		/** Sets whether messages are kept in the durable log, where the node has one. */
		public Builder durable(boolean durable) {
			this.durable = durable;
			return this;
		}

		/** Sets how many messages a subscriber gets in a second. */
		public Builder rate(DeliveryRate rate) {
			this.rate = rate;
			return this;
		}

		/**
		 * Returns the policy.
		 * @throws IllegalArgumentException when a value lies outside its bounds
		 */
		public TopicPolicy build() {
			return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, this.overflow,
					this.queueMessages, this.queueBytes, this.presence, this.clientPublish, this.durable, this.rate);
		}

	}

}
