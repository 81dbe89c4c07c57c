package dev.realtime.balance;

import java.time.Duration;

/**
 * How a node with more than its share of the connections sends some to other nodes.
 *
 * @param clientsPerMinute the most clients that are told to go within any minute, 1 or
 * more
 * @param thresholdPercent how far above the mean of all nodes a node must be before it
 * begins, in percent of the mean, 0 or more; see {@link Rebalancing}
 * @param after how long it must be, with the same nodes in the fleet, 0 or more
 * @param minAge a connection that was opened less than this ago stays, 0 or more
 * @param interval how often nodes say how many connections they have, 1 ms to 1 min; the
 * same on all nodes
 */
public record BalanceOptions(int clientsPerMinute, int thresholdPercent, Duration after, Duration minAge,
		Duration interval) {

	public BalanceOptions {
		if (clientsPerMinute < 1) {
			throw new IllegalArgumentException("clientsPerMinute must be 1 or more, not " + clientsPerMinute);
		}
		if (thresholdPercent < 0) {
			throw new IllegalArgumentException("thresholdPercent must be 0 or more, not " + thresholdPercent);
		}
		if (after.isNegative() || minAge.isNegative()) {
			throw new IllegalArgumentException("after and minAge must be 0 or more, not " + after + " and " + minAge);
		}
		if (interval.toMillis() < 1 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException("interval must be 1 ms to 1 min, not " + interval);
		}
	}

}
