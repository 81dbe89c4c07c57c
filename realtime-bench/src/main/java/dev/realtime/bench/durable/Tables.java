package dev.realtime.bench.durable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import dev.realtime.jdbc.JdbcSchema;

/** The log's tables, emptied before each measurement and counted after it. */
final class Tables {

	/** What the names of this benchmark's topics begin with. */
	static final String PREFIX = "bench.";

	private static final List<String> ALL = List.of("realtime_message", "realtime_outbox", "realtime_idempotency",
			"realtime_topic");

	private final DataSource dataSource;

	Tables(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Makes them.
	 * @throws IllegalArgumentException when they hold what is not this benchmark's
	 */
	void prepare() throws SQLException {
		new JdbcSchema(this.dataSource).initialize();
		for (String table : List.of("realtime_topic", "realtime_message")) {
			if (count("SELECT COUNT(*) FROM " + table + " WHERE topic NOT LIKE '" + PREFIX + "%'") > 0) {
				throw new IllegalArgumentException("This database holds an application's messages, and its tables "
						+ "would be emptied: --jdbc must name a database for the benchmark alone");
			}
		}
	}

	void empty() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			for (String table : ALL) {
				statement.execute("TRUNCATE TABLE " + table);
			}
		}
	}

	/**
	 * Checks that exactly so many messages are stored, none of them twice.
	 * @throws IllegalStateException when it is another number
	 */
	void verify(long stored) throws SQLException {
		long found = count("SELECT COUNT(*) FROM realtime_message");
		if (found != stored) {
			throw new IllegalStateException("The table holds " + found + " messages, not " + stored);
		}
		// 0 for plain inserts, which leave no topic's row
		long numbered = count("SELECT COALESCE(SUM(last_seq), 0) FROM realtime_topic");
		if (numbered != 0 && numbered != stored) {
			throw new IllegalStateException("Numbers up to " + numbered + " were given for " + stored + " messages");
		}
	}

	/**
	 * Waits until the outbox is empty.
	 * @throws IllegalStateException when it is not within the given time
	 */
	void awaitAnnounced(int seconds) throws SQLException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		while (count("SELECT COUNT(*) FROM realtime_outbox") != 0) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("The outbox still holds what was announced");
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
	}

	private long count(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getLong(1);
		}
	}

}
