package dev.realtime.sequence;

import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;

/**
 * The numbers of topics, atomic across the fleet. It is the numbering that the broker
 * itself uses: a number taken here is one that no message will carry (void), and
 * subscribers step over it. An application may also number topics of its own that it
 * never publishes on.
 * <p>
 * Within (topic, epoch) a number is given once. When the store has lost the topic's
 * numbering, or may have lost a part of it, a new epoch begins at 1. Safe for any number
 * of threads; no method blocks.
 */
public interface SequenceService {

	/** Takes the topic's next number. */
	CompletionStage<Position> next(Topic topic);

	/**
	 * The last number given, 0 when none was; begins an epoch when the topic has none.
	 */
	CompletionStage<Position> current(Topic topic);

}
