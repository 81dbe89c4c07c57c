package dev.realtime.connection;

import java.time.Duration;

import dev.realtime.TopicPattern;
import dev.realtime.delivery.MessageEncoder;

/**
 * Encodes what a node sends into bytes of the wire protocol. Called on shards: must be
 * fast, pure and never block.
 */
public interface FrameEncoder extends MessageEncoder {

	/** The answer to a SUBSCRIBE. */
	byte[] receipt(String receiptId, SubscribeOutcome outcome);

	/** The answer to a SUBSCRIBE with a pattern. */
	byte[] receipt(String receiptId, PatternOutcome outcome);

	/**
	 * The news that a subscription to a pattern may lack messages of topics of which it
	 * has had none yet, for clients that asked for control events.
	 */
	byte[] patternGap(String subscriptionId, TopicPattern pattern);

	/**
	 * The advice to reconnect after the delay, for clients that asked for control events.
	 */
	byte[] reconnect(Duration after);

	/** The news that the credentials end after this time, for the same clients. */
	byte[] expiring(Duration in);

	/** A sign of life. */
	byte[] heartbeat();

}
