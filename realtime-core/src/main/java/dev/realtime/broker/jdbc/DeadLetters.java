package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.realtime.Publication;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.deadletter.jdbc.DeadLetter;
import dev.realtime.deadletter.jdbc.JdbcDeadLetters;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.StoredPublication;
import org.jspecify.annotations.Nullable;

/**
 * What was given up, for operators: to look at, to replay, to discard. Safe for any
 * number of threads; nothing blocks. Stages complete on a thread of {@link JdbcCalls} and
 * fail as that and {@link JdbcDatabase#write} say.
 */
public final class DeadLetters {

	private static final long ANNOUNCE_MILLIS = TimeUnit.SECONDS.toMillis(2);

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	private final Announcer announcer;

	private final Storing storing;

	private final Consumer<StoredPublication> committed;

	DeadLetters(JdbcDatabase database, JdbcCalls calls, Announcer announcer, Storing storing,
			Consumer<StoredPublication> committed) {
		this.database = database;
		this.calls = calls;
		this.announcer = announcer;
		this.storing = storing;
		this.committed = committed;
	}

	/**
	 * The newest first.
	 * @param limit at most so many, 1 to {@value JdbcDeadLetters#MAX_LISTED}
	 */
	public CompletionStage<List<DeadLetter>> list(int limit) {
		if (limit < 1 || limit > JdbcDeadLetters.MAX_LISTED) {
			throw new IllegalArgumentException("limit must be 1 to " + JdbcDeadLetters.MAX_LISTED + ", not " + limit);
		}
		return this.calls.submit(() -> this.database.read((session) -> JdbcDeadLetters.list(session, limit)));
	}

	/**
	 * Tries once more: what was never stored is published now, with a new number; what
	 * was not announced is announced. When that works it is no dead letter any more.
	 * @param policies how its topic is kept
	 */
	public CompletionStage<Outcome> replay(String id, TopicPolicies policies) {
		return this.calls.submit(() -> {
			Replay replay = this.database.write((session) -> replay(session, id, policies));
			if (replay.stored != null) {
				this.committed.accept(replay.stored);
			}
			return replay.outcome;
		});
	}

	/** Forgets one for good; answers whether it was there. */
	public CompletionStage<Boolean> discard(String id) {
		return this.calls.submit(() -> this.database.write((session) -> JdbcDeadLetters.delete(session, id)));
	}

	private Replay replay(JdbcSession session, String id, TopicPolicies policies) throws SQLException {
		DeadLetter letter = JdbcDeadLetters.lock(session, id);
		if (letter == null) {
			return new Replay(Outcome.UNKNOWN, null);
		}
		Replay replay = (letter.position() != null) ? announce(session, letter) : publish(session, letter, policies);
		if (replay.outcome != Outcome.FAILED) {
			JdbcDeadLetters.delete(session, id);
		}
		return replay;
	}

	private Replay announce(JdbcSession session, DeadLetter letter) throws SQLException {
		TopicMessage message = JdbcDeadLetters.message(session, letter);
		if (message == null) {
			return new Replay(Outcome.EXPIRED, null);
		}
		boolean announced = this.announcer.announceAndWait(List.of(message), ANNOUNCE_MILLIS).failed().isEmpty();
		return new Replay(announced ? Outcome.ANNOUNCED : Outcome.FAILED, null);
	}

	private Replay publish(JdbcSession session, DeadLetter letter, TopicPolicies policies) throws SQLException {
		Publication publication = JdbcDeadLetters.publication(session, letter);
		JdbcStore.Entry entry = new JdbcStore.Entry(publication, policies.of(publication.topic()));
		return new Replay(Outcome.PUBLISHED, this.storing.store(session, entry));
	}

	/** What became of a replay. */
	public enum Outcome {

		/** It has a number now, and is on its way. */
		PUBLISHED,

		/** It was announced. */
		ANNOUNCED,

		/** It is no longer kept, so there is nothing to announce. */
		EXPIRED,

		/** It could not be announced; it stays a dead letter. */
		FAILED,

		/** There is no such dead letter. */
		UNKNOWN

	}

	/** Numbers and stores in the session's transaction. */
	@FunctionalInterface
	interface Storing {

		StoredPublication store(JdbcSession session, JdbcStore.Entry entry) throws SQLException;

	}

	/** What was stored is announced once it is committed. */
	private record Replay(Outcome outcome, @Nullable StoredPublication stored) {
	}

}
