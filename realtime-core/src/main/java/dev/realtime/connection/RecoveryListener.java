package dev.realtime.connection;

import dev.realtime.connection.SubscribeOutcome.Recovery;

/** Told when the recovery of a subscription is over. */
@FunctionalInterface
public interface RecoveryListener {

	/**
	 * The subscription is live. Called on shards: must be quick, never block.
	 * @param outcome what the client was told
	 * @param nanos the time from its SUBSCRIBE until everything that was replayed was
	 * handed to its queue
	 * @param messages how many were replayed
	 */
	void recovered(Recovery outcome, long nanos, int messages);

}
