package dev.realtime.hub;

import java.time.Duration;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;

/**
 * Turns what the hub says into bytes of the wire protocol. Called on shards: must be
 * fast, pure and never block.
 */
public interface FrameEncoder {

	/** A message for all subscriptions of this id. */
	byte[] message(TopicMessage message, String subscriptionId);

	/**
	 * A signal for all subscriptions of this id, of clients that asked for control
	 * events.
	 */
	byte[] signal(Signal signal, String subscriptionId);

	/** The answer to a SUBSCRIBE. */
	byte[] receipt(String receiptId, SubscribeOutcome outcome);

	/** The answer to a SUBSCRIBE with a pattern. */
	byte[] receipt(String receiptId, PatternOutcome outcome);

	/**
	 * The news that a subscription to a pattern may lack messages of topics of which it
	 * has had none yet, for clients that asked for control events.
	 */
	byte[] patternGap(String subscriptionId, TopicPattern pattern);

	/** A gap, for clients that asked for control events. */
	byte[] gap(Gap gap);

	/** The advice to reconnect after the delay, for the same clients. */
	byte[] reconnect(Duration after);

	/** The news that the credentials end after this time, for the same clients. */
	byte[] expiring(Duration in);

	/** A sign of life. */
	byte[] heartbeat();

}
