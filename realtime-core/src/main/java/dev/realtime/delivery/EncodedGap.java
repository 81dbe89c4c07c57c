package dev.realtime.delivery;

import dev.realtime.Topic;

/**
 * A range that no subscriber of a topic gets, and its frames. Internal to the engine.
 */
public final class EncodedGap extends EncodedOnce {

	private final String epoch;

	private final long from;

	private final long to;

	private final String reason;

	private final Topic topic;

	private final MessageEncoder encoder;

	/**
	 * Makes one.
	 * @param from the first number of the range
	 * @param to the last one, not below the first
	 */
	public EncodedGap(Topic topic, String epoch, long from, long to, String reason, MessageEncoder encoder) {
		this.topic = topic;
		this.epoch = epoch;
		this.from = from;
		this.to = to;
		this.reason = reason;
		this.encoder = encoder;
	}

	public String epoch() {
		return this.epoch;
	}

	/** The first number of the range. */
	public long from() {
		return this.from;
	}

	/** The last number of the range. */
	public long to() {
		return this.to;
	}

	/** Why it is not delivered, in a word of {@link Gap}. */
	public String reason() {
		return this.reason;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame
			.of(this.encoder.gap(new Gap(subscriptionId, this.topic, this.epoch, this.from, this.to, this.reason)));
	}

}
