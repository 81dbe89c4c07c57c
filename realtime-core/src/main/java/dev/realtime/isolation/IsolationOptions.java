package dev.realtime.isolation;

import java.time.Duration;

/**
 * When a node counts as isolated, and how it leaves and returns.
 *
 * @param after how long the node must be without the relay first; at least
 * {@value #LOOKS_FIRST} intervals, so that what the others say is about the time after it
 * lost the relay
 * @param returnAfter how long the node must reach the relay again before it takes clients
 * @param pause the shortest time from the end of one isolation to the next
 * @param interval how often the node asks the relay and the others
 * @param minPeers how many other nodes must reach the relay, 1 or more; they must be half
 * of the fleet in any case
 * @param spread over which time the clients are sent away; zero means all at once
 */
public record IsolationOptions(Duration after, Duration returnAfter, Duration pause, Duration interval, int minPeers,
		Duration spread) {

	/** How many intervals pass at least until a node counts as isolated. */
	public static final int LOOKS_FIRST = 5;

	public IsolationOptions {
		if (interval.toMillis() < 1 || after.compareTo(interval.multipliedBy(LOOKS_FIRST)) < 0) {
			throw new IllegalArgumentException("A node counts as isolated after " + LOOKS_FIRST
					+ " intervals or more, not after " + after + " with an interval of " + interval);
		}
		if (returnAfter.isNegative() || pause.isNegative() || spread.isNegative()) {
			throw new IllegalArgumentException("Times must not be negative");
		}
		if (minPeers < 1) {
			throw new IllegalArgumentException("minPeers must be 1 or more, not " + minPeers);
		}
	}

}
