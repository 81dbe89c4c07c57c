package dev.realtime.broker.jdbc;

import java.time.Clock;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.sequence.SequenceService;

/**
 * Numbers from the rows that publishing uses too: each a transaction of its own, which
 * waits for those that publish on the topic. Stages complete on a thread of
 * {@link JdbcCalls} and fail as that and {@link JdbcDatabase#write} say; a failed
 * {@link #next} may have taken a number.
 */
public final class JdbcSequence implements SequenceService {

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	private final Clock clock;

	/** A sequence in a database that has the schema. */
	public JdbcSequence(JdbcDatabase database, JdbcCalls calls, Clock clock) {
		this.database = database;
		this.calls = calls;
		this.clock = clock;
	}

	@Override
	public CompletionStage<Position> next(Topic topic) {
		return this.calls
			.submit(() -> this.database.write((session) -> JdbcStore.take(session, topic, this.clock.millis())));
	}

	@Override
	public CompletionStage<Position> current(Topic topic) {
		return this.calls
			.submit(() -> this.database.read((session) -> JdbcStore.current(session, topic, this.clock.millis())));
	}

}
