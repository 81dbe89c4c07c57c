package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.List;

import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcSession;
import org.jspecify.annotations.Nullable;

/** The outbox, as far as storing fills it. */
public final class OutboxRows {

	private OutboxRows() {
	}

	/** Notes that messages are stored and not yet announced, with their transaction. */
	public static void add(JdbcSession session, List<TopicMessage> messages, long now) throws SQLException {
		session.insert("realtime_outbox (topic, epoch, seq, created_at, attempts)",
				messages.stream()
					.map((message) -> new @Nullable Object[] { message.topic().name(), message.position().epoch(),
							message.seq(), now, 0 })
					.toList());
	}

}
