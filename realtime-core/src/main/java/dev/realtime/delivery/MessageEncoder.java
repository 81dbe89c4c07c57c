package dev.realtime.delivery;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;

/**
 * Encodes what many subscribers share. Called on shards: must be fast, pure and never
 * block.
 */
public interface MessageEncoder {

	/** A message for all subscriptions of this id. */
	byte[] message(TopicMessage message, String subscriptionId);

	/**
	 * A signal for all subscriptions of this id, of clients that asked for control
	 * events.
	 */
	byte[] signal(Signal signal, String subscriptionId);

	/** A gap, for clients that asked for control events. */
	byte[] gap(Gap gap);

}
