package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.sessions}: blocks, revocations and other commands about sessions.
 *
 * @param maxRestrictions most blocks, revocations and recent commands that the fleet
 * keeps; a command above is refused. The same on all nodes
 * @param checkInterval how often this node asks whether the list has changed, in case
 * that it missed a change
 * @param staleAfter after how long without reading the list this node takes no known
 * users any more
 * @param revocationTime how long a revocation is kept; at least as long as any token
 * lasts
 */
public record SessionsProperties(@DefaultValue("10000") int maxRestrictions, @DefaultValue("5s") Duration checkInterval,
		@DefaultValue("60s") Duration staleAfter, @DefaultValue("7d") Duration revocationTime) {

	public SessionsProperties {
		PropertyBounds.range("realtime.sessions.max-restrictions", maxRestrictions, 1, 100_000);
		PropertyBounds.positive("realtime.sessions.check-interval", checkInterval);
		PropertyBounds.atLeast("realtime.sessions.check-interval", checkInterval, Duration.ofMillis(100),
				"must be 100ms to 1d");
		PropertyBounds.positive("realtime.sessions.stale-after", staleAfter);
		PropertyBounds.atLeast("realtime.sessions.stale-after", staleAfter, checkInterval.multipliedBy(3),
				"must be at least three times realtime.sessions.check-interval");
		PropertyBounds.check(
				revocationTime.compareTo(Duration.ofMinutes(1)) >= 0
						&& revocationTime.compareTo(Duration.ofDays(3_650)) <= 0,
				"realtime.sessions.revocation-time", PropertyBounds.text(revocationTime), "must be 1m to 3650d");
	}

}
