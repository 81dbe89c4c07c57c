package dev.realtime.presence;

import java.time.Duration;

/**
 * The times of presence.
 *
 * @param grace how long a user may be without a connection before that is a leave
 * @param refresh how often a node renews its lease
 * @param lease how long a node counts as alive after its last renewal; more than twice
 * {@code refresh}, so that one lost renewal is no death
 */
public record PresenceOptions(Duration grace, Duration refresh, Duration lease) {

	/** 5 s of grace, renewed every 30 s, dead after 90 s. */
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

}
