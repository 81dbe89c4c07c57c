package dev.realtime.hub;

import dev.realtime.Position;

/**
 * What a feed hands over to the audiences of its topic, in one order for all. An audience
 * takes one step after the other: the next one begins when every live subscriber has been
 * given the one before.
 */
sealed interface Step {

	/**
	 * A message for all live subscribers.
	 *
	 * @param message the message
	 * @param previous where the feed was before it
	 */
	record Message(EncodedMessage message, Position previous) implements Step {

		Position position() {
			return this.message.message.position();
		}

	}

	/** A signal for the live subscribers that understand it. */
	record Ephemeral(EncodedSignal signal) implements Step {
	}

	/** A range of numbers that does not come. */
	record Missing(String epoch, long from, long to, String reason) implements Step {
	}

	/** Numbers up to the position carry no message. */
	record Move(Position position) implements Step {
	}

	/** A subscriber begins, when the feed is at the position. */
	record Join(Subscriber subscriber, SubscribeRequest request, Position position) implements Step {
	}

}
