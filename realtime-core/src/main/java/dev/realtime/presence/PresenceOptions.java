package dev.realtime.presence;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

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

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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

	/** How often a node looks what is due in the fleet: 20 ms to 1 s. */
	public Duration pause() {
		Duration ofGrace = this.grace.isZero() ? this.refresh : this.grace.dividedBy(4);
		Duration pause = Collections.min(List.of(ofGrace, this.limits.countInterval(), this.refresh, LONGEST_PAUSE));
		return Collections.max(List.of(pause, SHORTEST_PAUSE));
	}

}
