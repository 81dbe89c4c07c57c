package dev.realtime.numbering.jdbc;

import java.sql.SQLException;

import dev.realtime.testing.PlansContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The plans of what moves heads. */
class SettlingPlansIT extends PlansContract {

	@Test
	void lookingBeyondTheHeadsOfTopicsUsesThePrimaryKeyAndSortsNothing() throws SQLException {
		assertThat(this.plans.of(JdbcSettling.BEYOND + " UNION ALL " + JdbcSettling.BEYOND, "plan.7", "E", 490L,
				"plan.8", "E", 500L))
			.contains("Index Scan using realtime_message_pkey")
			.doesNotContain("Sort", "Seq Scan");
	}

}
