package dev.realtime.delivery;

import dev.realtime.TopicMessage;

/** A message and its frames. Internal to the engine. */
public final class EncodedMessage extends EncodedOnce {

	final TopicMessage message;

	private final MessageEncoder encoder;

	/** Whether its journey ends with the writes of its frames. */
	private final boolean journey;

	/** Makes one that is encoded when it is asked for; of a recovery. */
	public EncodedMessage(TopicMessage message, MessageEncoder encoder) {
		this(message, encoder, false);
	}

	/**
	 * Makes one that is encoded when it is asked for.
	 * @param journey whether the writes of its frames are noted
	 */
	EncodedMessage(TopicMessage message, MessageEncoder encoder, boolean journey) {
		this.message = message;
		this.encoder = encoder;
		this.journey = journey;
	}

	public TopicMessage message() {
		return this.message;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame.of(this.encoder.message(this.message, subscriptionId), this.message, subscriptionId, this.journey);
	}

}
