package dev.realtime.relay.postgres;

import java.time.Duration;

/**
 * What can be set on a {@link PostgresRelay}.
 *
 * @param notifyInterval the shortest time from one NOTIFY of this node to the next; what
 * is announced meanwhile goes together; 0 ms to 1 s
 * @param pollInterval how often the table is read where LISTEN does not work; 10 ms to 10
 * s
 * @param probeTimeout how long a node's own NOTIFY may take until the connection that
 * listens counts as dead, or LISTEN as not working; 100 ms to 60 s
 * @param statementTimeout the longest that a statement may take, in whole seconds, 1 s or
 * more
 */
public record PostgresRelayOptions(Duration notifyInterval, Duration pollInterval, Duration probeTimeout,
		Duration statementTimeout) {

	/**
	 * A NOTIFY each 5 ms at most, a poll each 200 ms, 3 s for a probe, 5 s a statement.
	 */
	public static final PostgresRelayOptions DEFAULT = new PostgresRelayOptions(Duration.ofMillis(5),
			Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ofSeconds(5));

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a value lies outside its bounds
	 */
	public PostgresRelayOptions {
		check(notifyInterval, 0, 1_000, "notify interval must be 0ms to 1s, not ");
		check(pollInterval, 10, 10_000, "poll interval must be 10ms to 10s, not ");
		check(probeTimeout, 100, 60_000, "probe timeout must be 100ms to 60s, not ");
		check(statementTimeout, 1_000, 3_600_000, "statement timeout must be 1s to 1h, not ");
	}

	private static void check(Duration value, long leastMillis, long mostMillis, String message) {
		if (value.toMillis() < leastMillis || value.toMillis() > mostMillis || value.isNegative()) {
			throw new IllegalArgumentException("PostgreSQL relay: " + message + value);
		}
	}

}
