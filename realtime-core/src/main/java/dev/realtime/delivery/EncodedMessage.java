package dev.realtime.delivery;

import dev.realtime.TopicMessage;

/** A message and its frames. Internal to the engine. */
public final class EncodedMessage extends EncodedOnce {

	final TopicMessage message;

	private final MessageEncoder encoder;

	/** Makes one that is encoded when it is asked for. */
	public EncodedMessage(TopicMessage message, MessageEncoder encoder) {
		this.message = message;
		this.encoder = encoder;
	}

	public TopicMessage message() {
		return this.message;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame.of(this.encoder.message(this.message, subscriptionId), this.message, subscriptionId);
	}

}
