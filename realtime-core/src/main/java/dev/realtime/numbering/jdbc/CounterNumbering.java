package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.sequence.SequenceService;
import dev.realtime.sequence.TopicCounter;

/**
 * Numbers and stores with a counter outside the database, so that transactions on one
 * topic need not wait for each other. The counter only proposes: the first row with a
 * number owns it, and a topic's head ends before the first number without a committed
 * row. Safe for any number of threads; methods with {@code throws SQLException} block,
 * the others never do.
 */
public final class CounterNumbering {

	private final Settler settler;

	private final CountedStore store;

	private final CountedSequence sequence;

	/**
	 * A numbering that is not started.
	 * @param calls makes the calls of {@link #sequence()}; not closed by us
	 * @param announce announces a message whose head was looked at; never blocks
	 * @param trim trims a topic soon; never blocks
	 * @param holeGrace how long a number without a row is waited for
	 * @param loops makes the threads
	 */
	public CounterNumbering(JdbcDatabase database, JdbcCalls calls, TopicCounter counter,
			Consumer<TopicMessage> announce, BiConsumer<Topic, TopicPolicy> trim, Clock clock, Duration holeGrace,
			Loops loops) {
		Numbers numbers = new Numbers(counter);
		this.settler = new Settler(database, announce, trim, clock, holeGrace, loops);
		this.store = new CountedStore(database, numbers, this.settler, clock);
		this.sequence = new CountedSequence(database, calls, numbers, this.settler, clock);
	}

	/** Begins to look after holes. */
	public void start() {
		this.settler.start();
	}

	/**
	 * Stores in one transaction, moves the heads and commits.
	 * @throws SQLException as {@link JdbcDatabase#write} does
	 */
	public JdbcStore.Batch store(List<JdbcStore.Entry> entries) throws SQLException {
		return this.store.store(entries);
	}

	/** Stores one in a transaction of the caller's, and leaves the head as it is. */
	public StoredPublication storeIn(JdbcSession session, JdbcStore.Entry entry) throws SQLException {
		return this.store.storeIn(session, entry);
	}

	/** Announces what such a transaction committed, once it is settled. */
	public void committed(StoredPublication stored) {
		this.settler.committed(stored);
	}

	/** Makes numbers void that nobody will use. */
	public void abandon(List<MessageLocation> numbers) {
		this.settler.abandon(numbers);
	}

	/**
	 * Moves the heads as far as numbers are settled.
	 * @return the topics whose heads were moved as far as they go
	 */
	public Set<Topic> settle(Set<Topic> topics) throws SQLException {
		return this.settler.settle(topics);
	}

	/**
	 * Moves a head if there is something behind it.
	 * @param seen the head that was read
	 * @return whether it may be another one by now
	 */
	public boolean moves(Topic topic, Position seen) throws SQLException {
		return this.settler.moves(topic, seen);
	}

	/** Numbers from the same counter. */
	public SequenceService sequence() {
		return this.sequence;
	}

	/** Ends its loops; idempotent; returns within 0.5 s. */
	public void close() {
		this.settler.close();
	}

}
