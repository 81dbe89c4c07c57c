package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.numbering.jdbc.Hole;
import dev.realtime.numbering.jdbc.JdbcSettling;
import org.jspecify.annotations.Nullable;

/**
 * Numbers by the log. Where a counter numbered before, the topic's head may be behind its
 * rows; that is found when a number is there already, and put right then. Safe for any
 * number of threads; blocks.
 */
final class LogStore implements BatchStore.Storing {

	/** Each moves a head over one hole at most. */
	private static final int MAX_HOLES = 100;

	private final JdbcDatabase database;

	private final Clock clock;

	LogStore(JdbcDatabase database, Clock clock) {
		this.database = database;
		this.clock = clock;
	}

	@Override
	public JdbcStore.Batch store(List<JdbcStore.Entry> entries, boolean wait) throws SQLException {
		try {
			return this.database.write((session) -> JdbcStore.store(session, entries, wait, this.clock.millis()));
		}
		catch (SQLException ex) {
			if (!JdbcFailure.isDuplicate(ex)) {
				throw ex;
			}
			Map<Topic, @Nullable TopicPolicy> topics = new HashMap<>();
			entries.forEach((entry) -> topics.put(entry.publication().topic(), entry.policy()));
			catchUp(topics);
			return this.database.write((session) -> JdbcStore.store(session, entries, wait, this.clock.millis()));
		}
	}

	private void catchUp(Map<Topic, @Nullable TopicPolicy> topics) throws SQLException {
		for (int i = 0; i < MAX_HOLES; i++) {
			JdbcSettling.Outcome outcome = this.database
				.write((session) -> JdbcSettling.settle(session, topics, this.clock.millis()));
			if (outcome.holes().isEmpty()) {
				return;
			}
			for (Hole hole : outcome.holes().values()) {
				this.database.write((session) -> {
					JdbcSettling.fill(session, hole, this.clock.millis());
					return true;
				});
			}
		}
	}

}
