package dev.realtime.balance;

import java.time.Duration;

/**
 * How a node with many connections sends some away.
 *
 * @param clientsPerMinute how many at most, 1 or more
 * @param thresholdPercent how far the node must be above the mean of all nodes, in
 * percent of the mean, 0 or more
 * @param interval how often nodes say how many connections they have, 1 ms to 1 min
 */
public record BalanceOptions(int clientsPerMinute, int thresholdPercent, Duration interval) {

	public BalanceOptions {
		if (clientsPerMinute < 1) {
			throw new IllegalArgumentException("clientsPerMinute must be 1 or more, not " + clientsPerMinute);
		}
		if (thresholdPercent < 0) {
			throw new IllegalArgumentException("thresholdPercent must be 0 or more, not " + thresholdPercent);
		}
		if (interval.toMillis() < 1 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException("interval must be 1 ms to 1 min, not " + interval);
		}
	}

}
