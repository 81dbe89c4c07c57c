package dev.realtime.presence;

import java.time.Duration;

/**
 * The times and limits of presence. The same on all nodes.
 *
 * @param grace how long a user may be without a connection before that is a leave
 * @param refresh how often a node renews its lease
 * @param lease how long a node counts as alive after its last renewal; more than twice
 * {@code refresh}, so that one lost renewal is no death
 * @param limits up to which number of members each join and leave is published
 */
public record PresenceOptions(Duration grace, Duration refresh, Duration lease, PresenceLimits limits) {

	/** 5 s of grace, renewed every 30 s, dead after 90 s, with the default limits. */
	public static final PresenceOptions DEFAULT = new PresenceOptions(Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofSeconds(90));

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when they contradict each other
	 */
	public PresenceOptions {
		if (grace.isNegative() || refresh.toMillis() < 1 || lease.compareTo(refresh.multipliedBy(2)) <= 0) {
			throw new IllegalArgumentException("Presence: grace must be 0 or more, refresh above 0, and lease (" + lease
					+ ") more than twice refresh (" + refresh + ")");
		}
	}

	/** With the default limits. */
	public PresenceOptions(Duration grace, Duration refresh, Duration lease) {
		this(grace, refresh, lease, PresenceLimits.DEFAULT);
	}

	/** These options with other limits. */
	public PresenceOptions withLimits(PresenceLimits limits) {
		return new PresenceOptions(this.grace, this.refresh, this.lease, limits);
	}

}
