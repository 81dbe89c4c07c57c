package dev.realtime.counts.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.PlansContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The plans of what counts own messages. */
class SenderCountsPlansIT extends PlansContract {

	@Test
	void countingOwnMessagesUsesThePrimaryKey() throws SQLException {
		assertThat(this.plans.of(SenderCounts.select(4) + " FOR UPDATE", "user.1", "plan.1", "user.2", "plan.1",
				"user.3", "plan.9", "user.4", "plan.9"))
			.contains("realtime_read_pkey")
			.doesNotContain("Seq Scan");
	}

}
