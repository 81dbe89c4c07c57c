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
			Overflow.DISCONNECT, 1_000, 1 << 20, false, false, true);

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

	/** A policy without a rate: every message is delivered. */
	public TopicPolicy(int historySize, Duration historyTime, Duration idempotencyWindow, Overflow overflow,
			int queueMessages, int queueBytes, boolean presence, boolean clientPublish, boolean durable) {
		this(historySize, historyTime, idempotencyWindow, overflow, queueMessages, queueBytes, presence, clientPublish,
				durable, DeliveryRate.UNLIMITED);
	}

	/** This policy with another history. */
	public TopicPolicy withHistory(int size, Duration time) {
		return new TopicPolicy(size, time, this.idempotencyWindow, this.overflow, this.queueMessages, this.queueBytes,
				this.presence, this.clientPublish, this.durable, this.rate);
	}

	/** This policy with other queue bounds and overflow. */
	public TopicPolicy withQueue(int messages, int bytes, Overflow overflow) {
		return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, overflow, messages, bytes,
				this.presence, this.clientPublish, this.durable, this.rate);
	}

	/** This policy with presence on or off. */
	public TopicPolicy withPresence(boolean presence) {
		return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, this.overflow,
				this.queueMessages, this.queueBytes, presence, this.clientPublish, this.durable, this.rate);
	}

	/** This policy with client publishing on or off. */
	public TopicPolicy withClientPublish(boolean clientPublish) {
		return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, this.overflow,
				this.queueMessages, this.queueBytes, this.presence, clientPublish, this.durable, this.rate);
	}

	/** This policy with the durable log or without. */
	public TopicPolicy withDurable(boolean durable) {
		return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, this.overflow,
				this.queueMessages, this.queueBytes, this.presence, this.clientPublish, durable, this.rate);
	}

	/** This policy with another rate. */
	public TopicPolicy withRate(DeliveryRate rate) {
		return new TopicPolicy(this.historySize, this.historyTime, this.idempotencyWindow, this.overflow,
				this.queueMessages, this.queueBytes, this.presence, this.clientPublish, this.durable, rate);
	}

	private static void check(boolean legal, String message) {
		if (!legal) {
			throw new IllegalArgumentException("Topic policy: " + message);
		}
	}

}
