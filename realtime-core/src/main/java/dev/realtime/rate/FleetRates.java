package dev.realtime.rate;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The token buckets of users that all nodes of a fleet share. A node decides by itself
 * and reports afterwards what was taken, so these buckets may be overdrawn.
 * Implementations are safe for any number of threads and never block.
 */
public interface FleetRates extends AutoCloseable {

	/**
	 * Takes tokens from a user's buckets.
	 * @param user whose buckets they are
	 * @param takes what to take, each from another bucket
	 * @return how many tokens are left in each, in the same order; negative, down to one
	 * capacity, where more was taken than there was. Fails when the store cannot be
	 * reached; then nothing may have been taken
	 */
	CompletionStage<List<Long>> take(String user, List<Take> takes);

	@Override
	void close();

	/**
	 * Tokens to take from one bucket.
	 *
	 * @param bucket names it among the user's buckets
	 * @param tokens how many, from 0 on
	 * @param capacity how many it holds
	 * @param perSecond how many come in a second
	 */
	record Take(String bucket, long tokens, long capacity, long perSecond) {

		/** Checks the numbers. */
		public Take {
			if (tokens < 0 || capacity < 1 || perSecond < 1) {
				throw new IllegalArgumentException(
						"Illegal number of tokens: " + tokens + " of " + capacity + ", " + perSecond);
			}
		}

	}

}
