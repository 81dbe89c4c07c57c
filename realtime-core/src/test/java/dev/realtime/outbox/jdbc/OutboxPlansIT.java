package dev.realtime.outbox.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.PlansContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The plans of what polls the outbox. */
class OutboxPlansIT extends PlansContract {

	@Test
	void pollingTheOutboxUsesItsIndex() throws SQLException {
		assertThat(this.plans.of(JdbcOutbox.DUE + " FOR UPDATE SKIP LOCKED", 2_000L, 200))
			.contains("Index Scan using realtime_outbox_created")
			.doesNotContain("Sort", "Seq Scan");
	}

}
