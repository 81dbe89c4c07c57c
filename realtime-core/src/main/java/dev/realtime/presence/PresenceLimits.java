package dev.realtime.presence;

import java.time.Duration;

/**
 * Up to which number of members each join and leave is published. The same on all nodes.
 *
 * @param maxDiffs on topics with more members only their number is published; 0 or more
 * @param countInterval how often that is, at most
 */
public record PresenceLimits(int maxDiffs, Duration countInterval) {

	/** 1,000 members, and a number each 5 s. */
	public static final PresenceLimits DEFAULT = new PresenceLimits(1_000, Duration.ofSeconds(5));

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when one is broken
	 */
	public PresenceLimits {
		if (maxDiffs < 0 || countInterval.toMillis() < 1) {
			throw new IllegalArgumentException("Presence: max diffs (" + maxDiffs
					+ ") must be 0 or more, and the interval of counts (" + countInterval + ") 1 ms or more");
		}
	}

}
