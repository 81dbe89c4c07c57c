package dev.realtime.spring;

import java.time.Duration;

import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.jdbc}: the durable log in the application's database, used with
 * {@code realtime.log=jdbc}.
 *
 * @param initializeSchema whether the tables are created at the start: embedded (only in
 * a database in memory), always or never (Flyway or Liquibase does it)
 * @param ownPool whether the engine has a few connections of its own, made like those of
 * the application's HikariCP pool, so that neither waits for the other's; else it takes
 * them from the application's pool
 * @param queueBytes how many bytes of payload may wait to be stored; more publications
 * are refused
 * @param batchSize most publications that one transaction stores
 * @param writers how many threads store; a topic always belongs to the same one
 * @param readers how many threads read the log
 * @param statementTimeout the longest that a statement may take, in whole seconds
 * @param connectionTimeout the longest that the engine's own pool may take to give a
 * connection
 * @param pollInterval how often this node looks for messages that another one stored and
 * did not announce
 * @param outboxGrace how long the node that stored a message has time to announce it
 * @param maxAttempts how often announcing a message is tried before it becomes a dead
 * letter
 * @param dataSource name of the DataSource bean to use; not needed where there is one, or
 * a primary one
 */
public record JdbcProperties(@DefaultValue("embedded") SchemaInitialization initializeSchema,
		@DefaultValue("true") boolean ownPool, @DefaultValue("64MB") DataSize queueBytes,
		@DefaultValue("500") int batchSize, @DefaultValue("2") int writers, @DefaultValue("4") int readers,
		@DefaultValue("5s") Duration statementTimeout, @DefaultValue("3s") Duration connectionTimeout,
		@DefaultValue("1s") Duration pollInterval, @DefaultValue("1s") Duration outboxGrace,
		@DefaultValue("10") int maxAttempts, @Nullable String dataSource) {

	/** How many threads look up what users have read. */
	public static final int UNREAD_THREADS = 2;

	/** The relay, presence and restrictions, where the database is the only server. */
	public static final int FLEET_CONNECTIONS = 8;

	/** The outbox, and topics that are locked. */
	private static final int OTHER_THREADS = 2;

	private static final int SETTLING_THREADS = 4;

	private static final String PREFIX = "realtime.jdbc.";

	public JdbcProperties {
		PropertyBounds.size(PREFIX + "queue-bytes", queueBytes, 1_024);
		PropertyBounds.range(PREFIX + "batch-size", batchSize, 1, 10_000);
		PropertyBounds.range(PREFIX + "writers", writers, 1, 64);
		PropertyBounds.range(PREFIX + "readers", readers, 1, 64);
		PropertyBounds.check(statementTimeout.toSeconds() >= 1 && statementTimeout.toHours() < 1,
				PREFIX + "statement-timeout", PropertyBounds.text(statementTimeout), "must be 1s to 59m");
		PropertyBounds.check(connectionTimeout.toMillis() >= 250 && connectionTimeout.toMinutes() < 1,
				PREFIX + "connection-timeout", PropertyBounds.text(connectionTimeout), "must be 250ms to 59s");
		PropertyBounds.positive(PREFIX + "poll-interval", pollInterval);
		PropertyBounds.atLeast(PREFIX + "poll-interval", pollInterval, Duration.ofMillis(50), "must be 50ms to 1d");
		PropertyBounds.positive(PREFIX + "outbox-grace", outboxGrace);
		PropertyBounds.atLeast(PREFIX + "outbox-grace", outboxGrace, Duration.ofMillis(100), "must be 100ms to 1d");
		PropertyBounds.range(PREFIX + "max-attempts", maxAttempts, 1, 1_000);
	}

	/** The same, for the engine. */
	public JdbcBrokerOptions options(int maxInFlight) {
		return JdbcBrokerOptions.DEFAULT
			.withQueue((int) Math.min(1_000_000L, Math.max(1L, maxInFlight)), this.queueBytes.toBytes())
			.withBatches(this.batchSize, this.writers)
			.withReaders(this.readers)
			.withStatementTimeout(this.statementTimeout)
			.withOutbox(this.pollInterval, this.outboxGrace, this.maxAttempts);
	}

	/**
	 * How many connections the engine uses at once, at most.
	 * @param counter whether a counter numbers: then heads are moved, and numbers made
	 * void, on threads of their own
	 */
	public int connections(boolean counter) {
		return this.writers + this.readers + UNREAD_THREADS + OTHER_THREADS + (counter ? SETTLING_THREADS : 0);
	}

}
