package dev.realtime.log.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.QueryPlans;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What PostgreSQL says about our queries when many topics have many messages. */
class PostgresqlPlansIT {

	private QueryPlans plans;

	@BeforeEach
	void fill() throws SQLException {
		this.plans = QueryPlans.open();
		this.plans.with("INSERT INTO realtime_topic SELECT 'plan.' || t, 'E', 500, 1, 500, 1, 1000 + t, 1000 + t, 1 "
				+ "FROM generate_series(1, 200) t");
		this.plans
			.with("INSERT INTO realtime_message (topic, epoch, seq, published_at, expires_at, content_type, payload) "
					+ "SELECT 'plan.' || t, 'E', s, s, 0, 'text/plain', 'x' "
					+ "FROM generate_series(1, 200) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_outbox (topic, epoch, seq, created_at, attempts) "
				+ "SELECT 'plan.' || t, 'E', s, t * 1000 + s, 0 "
				+ "FROM generate_series(1, 20) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_idempotency SELECT 'plan.' || t, 'id' || s, 'E', s, s, t * 1000 + s "
				+ "FROM generate_series(1, 20) t, generate_series(1, 500) s");
		this.plans.with("INSERT INTO realtime_read SELECT 'user.' || u, 'plan.' || t, 'E', 100, 1, 1, 50 "
				+ "FROM generate_series(1, 500) u, generate_series(1, 100) t");
		this.plans.analyzed("read", "topic", "message", "outbox", "idempotency");
	}

	@AfterEach
	void leaveNothing() throws SQLException {
		this.plans.close();
	}

	@Test
	void readingARangeUsesThePrimaryKeyAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(MessageRows.ASCENDING, "plan.7", "E", 100L, 500L, 9L, 101))
			.contains("Index Scan using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void readingBackwardsUsesThePrimaryKeyAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(MessageRows.DESCENDING, "plan.7", "E", 1L, 400L, 9L, 101))
			.contains("Index Scan Backward using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void trimmingATopicUsesThePrimaryKeyAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(JdbcRetention.OLDEST, "plan.7", "E", 1L, 500L, 101))
			.contains("using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
		assertThat(this.plans.of("DELETE FROM realtime_message WHERE topic = ? AND epoch = ? AND seq >= ? AND seq <= ?",
				"plan.7", "E", 1L, 100L))
			.contains("realtime_message_pkey")
			.doesNotContain("Seq Scan");
	}

	@Test
	void lookingBeyondTheHeadsOfTopicsUsesThePrimaryKeyAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(JdbcSettling.BEYOND + " UNION ALL " + JdbcSettling.BEYOND, "plan.7", "E", 490L,
				"plan.8", "E", 500L))
			.contains("Index Scan using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void theHighestNumberOfATopicIsFoundAtTheEndOfThePrimaryKey() throws SQLException {
		assertThat(this.plans.of("SELECT MAX(seq) FROM realtime_message WHERE topic = ? AND epoch = ?", "plan.7", "E"))
			.contains("Backward using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void lookingForTopicsWhoseHistoryIsOverUsesItsIndex() throws SQLException {
		assertThat(this.plans.of(JdbcRetention.OVER, 1_010L, 5)).contains("Index Scan using realtime_topic_sweep")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void forgettingIdsUsesItsIndex() throws SQLException {
		assertThat(this.plans.of(JdbcRetention.FORGOTTEN, 1_010L, 5))
			.contains("Index Scan using realtime_idempotency_until")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void pollingTheOutboxUsesItsIndex() throws SQLException {
		assertThat(this.plans.of(JdbcOutbox.DUE + " FOR UPDATE SKIP LOCKED", 2_000L, 200))
			.contains("Index Scan using realtime_outbox_created")
			.doesNotContain("Sort", "Seq Scan");
	}

	@Test
	void countingOwnMessagesUsesThePrimaryKey() throws SQLException {
		assertThat(this.plans.of(SenderCounts.select(4) + " FOR UPDATE", "user.1", "plan.1", "user.2", "plan.1",
				"user.3", "plan.9", "user.4", "plan.9"))
			.contains("realtime_read_pkey")
			.doesNotContain("Seq Scan");
	}

}
