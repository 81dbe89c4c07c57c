package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.user-registry}: which users Spring's {@code SimpUserRegistry} knows.
 *
 * @param fleetWide whether it knows the users of all nodes, with their sessions and
 * subscriptions, instead of those of this node alone
 * @param interval how often this node tells the others what has changed
 * @param expiry after how long of silence the users of another node are forgotten; at
 * least five times the interval. The same on all nodes
 * @param maxSessions most sessions of other nodes that this node remembers
 */
public record UserRegistryProperties(@DefaultValue("false") boolean fleetWide, @DefaultValue("1s") Duration interval,
		@DefaultValue("15s") Duration expiry, @DefaultValue("100000") int maxSessions) {

	public UserRegistryProperties {
		PropertyBounds.positive("realtime.user-registry.interval", interval);
		PropertyBounds.atLeast("realtime.user-registry.interval", interval, Duration.ofMillis(100),
				"must be 100ms to 1d");
		PropertyBounds.positive("realtime.user-registry.expiry", expiry);
		PropertyBounds.atLeast("realtime.user-registry.expiry", expiry, interval.multipliedBy(5),
				"must be at least five times realtime.user-registry.interval");
		PropertyBounds.range("realtime.user-registry.max-sessions", maxSessions, 1, 10_000_000);
	}

}
