package dev.realtime.hub;

import dev.realtime.TopicMessage;

/** A message and its frames. */
final class EncodedMessage extends EncodedOnce {

	final TopicMessage message;

	private final FrameEncoder encoder;

	EncodedMessage(TopicMessage message, FrameEncoder encoder) {
		this.message = message;
		this.encoder = encoder;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame.of(this.encoder.message(this.message, subscriptionId), this.message, subscriptionId);
	}

}
