package dev.realtime.spring;

import java.time.Duration;

import dev.realtime.relay.postgres.PostgresRelayOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.relay.postgres}: LISTEN and NOTIFY, used with
 * {@code realtime.broker=jdbc} on PostgreSQL.
 *
 * @param notifyInterval the shortest time from one NOTIFY of this node to the next; what
 * is announced meanwhile goes together
 * @param pollInterval how often a table is read where LISTEN does not work, such as
 * behind PgBouncer in transaction mode
 * @param probeTimeout how long a node's own NOTIFY may take until the connection that
 * listens counts as dead, or LISTEN as not working
 * @param dataSource name of the DataSource bean whose connection listens; not needed
 * where the one of the log leads to PostgreSQL itself
 */
@ConfigurationProperties("realtime.relay.postgres")
public record PostgresRelayProperties(@DefaultValue("5ms") Duration notifyInterval,
		@DefaultValue("200ms") Duration pollInterval, @DefaultValue("3s") Duration probeTimeout,
		@Nullable String dataSource) {

	private static final String PREFIX = "realtime.relay.postgres.";

	/** What a question and its answer take besides the intervals. */
	private static final Duration DELAY = Duration.ofMillis(500);

	public PostgresRelayProperties {
		check("notify-interval", notifyInterval, 0, 1_000, "must be 0ms to 1s");
		check("poll-interval", pollInterval, 10, 10_000, "must be 10ms to 10s");
		check("probe-timeout", probeTimeout, 100, 60_000, "must be 100ms to 60s");
	}

	/**
	 * Returns how long nodes may take to answer a question at most: both signals may wait
	 * for an interval, and be read from the table.
	 * @param least what to return if that is shorter
	 */
	public Duration answersWithin(Duration least) {
		Duration both = this.notifyInterval.plus(this.pollInterval).multipliedBy(2).plus(DELAY);
		return (both.compareTo(least) > 0) ? both : least;
	}

	/** The same, for the engine. */
	public PostgresRelayOptions options(Duration statementTimeout) {
		return new PostgresRelayOptions(this.notifyInterval, this.pollInterval, this.probeTimeout, statementTimeout);
	}

	private static void check(String name, Duration value, long least, long most, String bounds) {
		PropertyBounds.check(!value.isNegative() && value.toMillis() >= least && value.toMillis() <= most,
				PREFIX + name, PropertyBounds.text(value), bounds);
	}

}
