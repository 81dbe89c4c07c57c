package dev.realtime.retention.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.PlansContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The plans of what trims and sweeps. */
class RetentionPlansIT extends PlansContract {

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

}
