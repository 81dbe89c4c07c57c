package dev.realtime.spring;

import java.time.Duration;

import dev.realtime.presence.PresenceLimits;
import dev.realtime.presence.PresenceOptions;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.presence}: who is online.
 *
 * @param grace how long a user may be without a connection before that is a leave; 0
 * means at once
 * @param refresh how often this node renews its lease
 * @param lease how long a node counts as alive after its last renewal; more than twice
 * refresh
 * @param maxDiffs on topics with more members only their number is told, not each join
 * and leave
 * @param countInterval how often that number is told, at most
 */
public record PresenceProperties(@DefaultValue("5s") Duration grace, @DefaultValue("30s") Duration refresh,
		@DefaultValue("90s") Duration lease, @DefaultValue("1000") int maxDiffs,
		@DefaultValue("5s") Duration countInterval) {

	public PresenceProperties {
		PropertyBounds.positiveOrZero("realtime.presence.grace", grace);
		PropertyBounds.positive("realtime.presence.refresh", refresh);
		PropertyBounds.atLeast("realtime.presence.lease", lease, refresh.multipliedBy(2).plusMillis(1),
				"must be more than twice realtime.presence.refresh, so that one lost renewal does not end the lease");
		PropertyBounds.range("realtime.presence.max-diffs", maxDiffs, 0, 1_000);
		PropertyBounds.positive("realtime.presence.count-interval", countInterval);
		PropertyBounds.atLeast("realtime.presence.count-interval", countInterval, Duration.ofMillis(100),
				"must be 100ms to 1d");
	}

	/** The same times and bounds, for the engine. */
	public PresenceOptions options() {
		return new PresenceOptions(this.grace, this.refresh, this.lease,
				new PresenceLimits(this.maxDiffs, this.countInterval));
	}

}
