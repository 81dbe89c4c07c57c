package dev.realtime.unread.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.testing.Databases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What PostgreSQL says about our queries when many users read many topics. */
class PostgresqlUnreadPlansIT {

	private final Connection connection = open();

	@BeforeEach
	void fill() throws SQLException {
		execute("INSERT INTO realtime_topic SELECT 'plan.' || t, 'E', 500, 1, 500, 1, 1000 + t, 1000 + t, 1, 100 "
				+ "FROM generate_series(1, 1000) t");
		execute("INSERT INTO realtime_message (topic, epoch, seq, published_at, expires_at, content_type, payload, "
				+ "sender, sender_count) SELECT 'plan.' || t, 'E', s, s, 0, 'text/plain', 'x', 'user.' || (s % 10), "
				+ "s / 10 FROM generate_series(1, 200) t, generate_series(1, 500) s");
		execute("INSERT INTO realtime_void SELECT 'plan.' || t, 'E', s * 5, s * 5, s - 1 "
				+ "FROM generate_series(1, 200) t, generate_series(1, 100) s");
		execute("INSERT INTO realtime_read SELECT 'user.' || u, 'plan.' || t, 'E', 100, 1, 1, 50 "
				+ "FROM generate_series(1, 500) u, generate_series(1, 100) t");
		execute("INSERT INTO realtime_reader SELECT 'user.' || u, u FROM generate_series(1, 50000) u");
		for (String table : new String[] { "topic", "message", "void", "read", "reader" }) {
			execute("ANALYZE realtime_" + table);
		}
	}

	@AfterEach
	void leaveNothing() throws SQLException {
		this.connection.rollback();
		this.connection.close();
	}

	@Test
	void lookingUpOneUserAndManyTopicsUsesPrimaryKeysAndNoMessages() throws SQLException {
		Object[] parameters = Stream
			.concat(Stream.of("user.7"), IntStream.rangeClosed(1, 16).mapToObj((i) -> "plan." + i))
			.toArray();
		assertThat(plan(ReadRows.select(16, 1), parameters)).contains("realtime_topic_pkey", "realtime_read_pkey")
			.doesNotContain("Seq Scan", "realtime_message");
	}

	@Test
	void lookingUpOneTopicAndManyUsersUsesPrimaryKeysAndNoMessages() throws SQLException {
		Object[] parameters = Stream
			.concat(IntStream.rangeClosed(1, 64).mapToObj((i) -> "user." + i), Stream.of("plan.9"))
			.toArray();
		assertThat(plan(ReadRows.select(1, 64), parameters)).contains("realtime_topic_pkey", "realtime_read_pkey")
			.doesNotContain("Seq Scan", "realtime_message");
	}

	@Test
	void markingLooksAtOneRowOfEachIndexAndSortsNothing() throws SQLException {
		assertThat(plan(ReadMark.NEXT_OWN, "plan.7", "E", "user.3", 123L))
			.contains("Limit", "using realtime_message_sender")
			.doesNotContain("Sort", "Seq Scan");
		assertThat(plan(ReadMark.LAST_VOID, "plan.7", "E", 123L)).contains("Limit", "using realtime_void_pkey")
			.doesNotContain("Sort", "Seq Scan");
		assertThat(plan(ReadMark.NEXT_VOID, "plan.7", "E", 123L)).contains("Limit", "using realtime_void_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void lookingForMovesUsesThePrimaryKey() throws SQLException {
		assertThat(plan(ReadRows.moves(64), Collections.nCopies(64, "user.9").toArray()))
			.contains("realtime_reader_pkey")
			.doesNotContain("Seq Scan");
	}

	private String plan(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement("EXPLAIN " + sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			StringBuilder plan = new StringBuilder();
			try (ResultSet lines = statement.executeQuery()) {
				while (lines.next()) {
					plan.append(lines.getString(1)).append('\n');
				}
			}
			return plan.toString();
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection open() {
		try {
			Connection connection = Databases.postgresql().getConnection();
			connection.setAutoCommit(false);
			return connection;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
