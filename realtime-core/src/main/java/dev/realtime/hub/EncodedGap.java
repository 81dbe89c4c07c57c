package dev.realtime.hub;

import dev.realtime.Topic;

/** A range that no subscriber of a topic gets, and its frames. */
final class EncodedGap extends EncodedOnce {

	final String epoch;

	final long from;

	final long to;

	final String reason;

	private final Topic topic;

	private final FrameEncoder encoder;

	/**
	 * Makes one.
	 * @param from the first number of the range
	 * @param to the last one, not below the first
	 */
	EncodedGap(Topic topic, String epoch, long from, long to, String reason, FrameEncoder encoder) {
		this.topic = topic;
		this.epoch = epoch;
		this.from = from;
		this.to = to;
		this.reason = reason;
		this.encoder = encoder;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame
			.of(this.encoder.gap(new Gap(subscriptionId, this.topic, this.epoch, this.from, this.to, this.reason)));
	}

}
