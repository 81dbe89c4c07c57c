package dev.realtime.log.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.PlansContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The plans of what reads messages. */
class PostgresqlPlansIT extends PlansContract {

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
	void theHighestNumberOfATopicIsFoundAtTheEndOfThePrimaryKey() throws SQLException {
		assertThat(this.plans.of("SELECT MAX(seq) FROM realtime_message WHERE topic = ? AND epoch = ?", "plan.7", "E"))
			.contains("Backward using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

}
