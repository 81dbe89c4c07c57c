package dev.realtime.delivery;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a feed hands over to the audiences of its topic, in one order for all. An audience
 * takes one step after the other: the next one begins when every live subscriber has been
 * given the one before.
 */
sealed interface Step permits Step.Message, Step.Ephemeral, MissingRange, Step.Move, Step.Join {

	/**
	 * A message for all live subscribers.
	 *
	 * @param message the message
	 * @param previous where the feed was before it, and before what was left out
	 * @param leftOut the numbers between the two that the topic's rate leaves out, or
	 * null
	 */
	record Message(EncodedMessage message, Position previous, @Nullable EncodedGap leftOut) implements Step {

		Position position() {
			return this.message.message.position();
		}

	}

	/** A signal for the live subscribers that understand it. */
	record Ephemeral(EncodedSignal signal) implements Step {
	}

	/** Numbers up to the position carry no message. */
	record Move(Position position) implements Step {
	}

	/**
	 * A subscriber begins.
	 *
	 * @param receiver the subscriber
	 * @param entry begins
	 * @param position how far the audiences are
	 * @param published how far the feed is: further, where messages wait for the topic's
	 * rate
	 */
	record Join(Receiver receiver, Receiver.Entry entry, Position position, Position published) implements Step {

	}

}
