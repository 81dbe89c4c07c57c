package dev.realtime.unread.jdbc;

import java.sql.SQLException;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.testing.QueryPlans;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What PostgreSQL says about our queries when many users read many topics. */
class PostgresqlUnreadPlansIT {

	private QueryPlans plans;

	@BeforeEach
	void fill() throws SQLException {
		this.plans = QueryPlans.open();
		this.plans
			.with("INSERT INTO realtime_topic SELECT 'plan.' || t, 'E', 500, 1, 500, 1, 1000 + t, 1000 + t, 1, 100 "
					+ "FROM generate_series(1, 1000) t");
		this.plans
			.with("INSERT INTO realtime_message (topic, epoch, seq, published_at, expires_at, content_type, payload, "
					+ "sender, sender_count) SELECT 'plan.' || t, 'E', s, s, 0, 'text/plain', 'x', 'user.' || (s % 10), "
					+ "s / 10 FROM generate_series(1, 200) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_void SELECT 'plan.' || t, 'E', s * 5, s * 5, s - 1 "
				+ "FROM generate_series(1, 200) t, generate_series(1, 100) s");
		this.plans.with("INSERT INTO realtime_read SELECT 'user.' || u, 'plan.' || t, 'E', 100, 1, 1, 50 "
				+ "FROM generate_series(1, 500) u, generate_series(1, 100) t");
		this.plans.with("INSERT INTO realtime_reader SELECT 'user.' || u, u FROM generate_series(1, 50000) u");
		this.plans.analyzed("topic", "message", "void", "read", "reader");
	}

	@AfterEach
	void leaveNothing() throws SQLException {
		this.plans.close();
	}

	@Test
	void lookingUpOneUserAndManyTopicsUsesPrimaryKeysAndNoMessages() throws SQLException {
		Object[] parameters = Stream
			.concat(Stream.of("user.7"), IntStream.rangeClosed(1, 16).mapToObj((i) -> "plan." + i))
			.toArray();
		assertThat(this.plans.of(ReadRows.select(16, 1), parameters))
			.contains("realtime_topic_pkey", "realtime_read_pkey")
			.doesNotContain("Seq Scan", "realtime_message");
	}

	@Test
	void lookingUpOneTopicAndManyUsersUsesPrimaryKeysAndNoMessages() throws SQLException {
		Object[] parameters = Stream
			.concat(IntStream.rangeClosed(1, 64).mapToObj((i) -> "user." + i), Stream.of("plan.9"))
			.toArray();
		assertThat(this.plans.of(ReadRows.select(1, 64), parameters))
			.contains("realtime_topic_pkey", "realtime_read_pkey")
			.doesNotContain("Seq Scan", "realtime_message");
	}

	@Test
	void lookingUpManyUsersAndManyTopicsReadsTheRowsOfTheseUsersAlone() throws SQLException {
		Object[] parameters = Stream
			.concat(IntStream.rangeClosed(1, 16).mapToObj((i) -> "user." + i),
					IntStream.rangeClosed(1, 64).mapToObj((i) -> "plan." + i))
			.toArray();
		assertThat(this.plans.of(ReadRows.selectRead(64, 16), parameters)).contains("realtime_read_pkey")
			.doesNotContain("Seq Scan on realtime_read", "realtime_message");
	}

	@Test
	void markingLooksAtOneRowOfEachIndexAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(ReadMark.NEXT_OWN, "plan.7", "E", "user.3", 123L, 900L))
			.contains("Limit", "using realtime_message_sender")
			.doesNotContain("Sort", "Seq Scan");
		assertThat(this.plans.of(ReadMark.LAST_VOID, "plan.7", "E", 123L)).contains("Limit", "using realtime_void_pkey")
			.doesNotContain("Sort", "Seq Scan");
		assertThat(this.plans.of(ReadMark.NEXT_VOID, "plan.7", "E", 123L)).contains("Limit", "using realtime_void_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void lookingForMovesUsesThePrimaryKey() throws SQLException {
		assertThat(this.plans.of(ReadRows.moves(64), Collections.nCopies(64, "user.9").toArray()))
			.contains("realtime_reader_pkey")
			.doesNotContain("Seq Scan");
	}

}
