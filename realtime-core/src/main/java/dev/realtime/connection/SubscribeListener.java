package dev.realtime.connection;

import dev.realtime.connection.SubscribeOutcome.Recovery;

/**
 * Told what becomes of one subscription. Neither method is called when the subscription
 * ends before. Called on the connection's shard: must be quick, never block. What it
 * throws changes nothing for the subscription.
 */
public interface SubscribeListener {

	/**
	 * The client is answered.
	 * @param outcome what became of the position that it named; of a pattern
	 * {@link Recovery#NOT_ASKED}
	 */
	void answered(Recovery outcome);

	/**
	 * A subscription to one topic that named a position is live.
	 * @param outcome what the client was told
	 * @param nanos the time from its SUBSCRIBE until everything that was replayed was
	 * handed to its queue
	 * @param messages how many were replayed
	 */
	void recovered(Recovery outcome, long nanos, int messages);

}
