package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.deadletter.jdbc.JdbcDeadLetters;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.numbering.jdbc.JdbcSettling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores batches, and tells each publisher how it ended. What one publication is to blame
 * for must not cost the others: a batch that fails is stored again one by one, and topics
 * whose rows other transactions have locked are left out. Safe for several writers;
 * blocks.
 */
final class BatchStore {

	static final String AWAY = "the database is unavailable and nothing was stored; the connection is retried "
			+ "automatically";

	private static final Logger logger = LoggerFactory.getLogger(BatchStore.class);

	private final JdbcDatabase database;

	private final Storing storing;

	private final Clock clock;

	BatchStore(JdbcDatabase database, Storing storing, Clock clock) {
		this.database = database;
		this.storing = storing;
		this.clock = clock;
	}

	/**
	 * Stores without waiting for the rows of locked topics, and completes all receipts
	 * but theirs.
	 */
	Outcome store(List<Pending> batch) {
		return contained(batch, false);
	}

	/**
	 * Stores publications of one topic, waiting a second at most for its row. Completes
	 * all receipts unless the row stayed locked.
	 */
	Outcome storeWaiting(List<Pending> batch) {
		return contained(batch, true);
	}

	/** Whether the database was away when it was used last. */
	boolean isAway() {
		return !this.database.answers();
	}

	/** Fails what waits behind a batch for a database that is away. */
	void refuse(List<Pending> waiting) {
		waiting.forEach((pending) -> pending.refuse(AWAY, null));
	}

	/** Whatever is thrown, no publisher waits for ever. */
	private Outcome contained(List<Pending> batch, boolean wait) {
		try {
			return store(batch, wait);
		}
		catch (Throwable ex) {
			batch.forEach((pending) -> pending.unknown("storing failed: " + ex, ex));
			throw ex;
		}
	}

	private Outcome store(List<Pending> batch, boolean wait) {
		if (batch.isEmpty()) {
			return Outcome.NOTHING;
		}
		try {
			return transaction(batch, wait);
		}
		catch (SQLException ex) {
			JdbcFailure failure = JdbcFailure.of(ex);
			if (failure == JdbcFailure.TIMEOUT) {
				return wait ? new Outcome(List.of(), batch) : withoutLocked(batch);
			}
			if (failure == JdbcFailure.AWAY || failure == JdbcFailure.UNKNOWN || batch.size() == 1) {
				batch.forEach((pending) -> fail(pending, failure, ex));
				return Outcome.NOTHING;
			}
			return oneByOne(batch, wait);
		}
		catch (RuntimeException ex) {
			if (batch.size() == 1) {
				giveUp(batch.get(0), "it could not be stored: " + ex.getMessage(), ex);
				return Outcome.NOTHING;
			}
			return oneByOne(batch, wait);
		}
	}

	/**
	 * The batch took too long, mostly because another transaction has locked a topic, or
	 * is just making one: stores what is on topics that are there and free.
	 */
	private Outcome withoutLocked(List<Pending> batch) {
		Set<Topic> topics = batch.stream().map(Pending::topic).collect(Collectors.toSet());
		try {
			Set<Topic> free = this.database.write((session) -> JdbcSettling.free(session, topics));
			if (!free.isEmpty() && free.size() < topics.size()) {
				Map<Boolean, List<Pending>> parts = batch.stream()
					.collect(Collectors.partitioningBy((pending) -> free.contains(pending.topic())));
				Outcome stored = store(parts.getOrDefault(true, List.of()), true);
				List<Pending> locked = new ArrayList<>(stored.locked());
				locked.addAll(parts.getOrDefault(false, List.of()));
				return new Outcome(stored.stored(), locked);
			}
		}
		catch (SQLException ex) {
			logger.debug("Could not determine which topics are locked; the publications are stored one by one", ex);
		}
		return new Outcome(List.of(), batch);
	}

	private Outcome transaction(List<Pending> batch, boolean wait) throws SQLException {
		JdbcStore.Batch done = this.storing.store(batch.stream().map(Pending::entry).toList(), wait);
		Iterator<StoredPublication> next = done.stored().iterator();
		List<Pending> locked = new ArrayList<>();
		for (Pending pending : batch) {
			if (done.locked().contains(pending.topic())) {
				locked.add(pending);
			}
			else {
				pending.receipt().complete(next.next().receipt());
			}
		}
		return new Outcome(done.stored(), locked);
	}

	private Outcome oneByOne(List<Pending> batch, boolean wait) {
		List<StoredPublication> stored = new ArrayList<>();
		List<Pending> waiting = new ArrayList<>();
		// what follows on the same topic must not overtake
		Set<Topic> locked = new HashSet<>();
		JdbcFailure last = JdbcFailure.REFUSED;
		for (Pending pending : batch) {
			if (last == JdbcFailure.AWAY) {
				pending.refuse(AWAY, null);
			}
			else if (locked.contains(pending.topic())) {
				waiting.add(pending);
			}
			else {
				try {
					Outcome one = transaction(List.of(pending), wait);
					stored.addAll(one.stored());
					if (!one.locked().isEmpty()) {
						locked.add(pending.topic());
						waiting.add(pending);
					}
				}
				catch (SQLException ex) {
					last = JdbcFailure.of(ex);
					if (last == JdbcFailure.TIMEOUT) {
						locked.add(pending.topic());
						waiting.add(pending);
					}
					else {
						fail(pending, last, ex);
					}
				}
				catch (RuntimeException ex) {
					giveUp(pending, "it could not be stored: " + ex.getMessage(), ex);
				}
			}
		}
		return new Outcome(stored, waiting);
	}

	private void fail(Pending pending, JdbcFailure failure, SQLException ex) {
		switch (failure) {
			case UNKNOWN -> pending.unknown("the database did not answer the commit: " + ex.getMessage(), ex);
			case AWAY -> pending.refuse(AWAY + ": " + ex.getMessage(), ex);
			case CONFLICT -> pending.refuse("it conflicted with other transactions too often: " + ex.getMessage(), ex);
			case TIMEOUT -> pending.refuse(LockedTopics.REFUSED, ex);
			case REFUSED -> giveUp(pending, "the database refused it: " + ex.getMessage(), ex);
		}
	}

	/** Trying again would change nothing: somebody must look at it. */
	private void giveUp(Pending pending, String why, Exception cause) {
		String kept;
		try {
			kept = "; it is kept as dead letter " + this.database.write((session) -> JdbcDeadLetters.notStored(session,
					pending.entry().publication(), 1, why, this.clock.millis()));
		}
		catch (SQLException | RuntimeException ex) {
			kept = "; it could not be kept as a dead letter either: " + ex.getMessage();
		}
		pending.refuse(why + kept, cause);
	}

	/** One way to number and store. */
	@FunctionalInterface
	interface Storing {

		/**
		 * Stores in one transaction and commits it.
		 * @param wait whether to wait for the topics' rows, a second at most, rather than
		 * to pass over topics whose rows are locked
		 * @throws SQLException as {@link JdbcDatabase#write} does
		 */
		JdbcStore.Batch store(List<JdbcStore.Entry> entries, boolean wait) throws SQLException;

	}

	/**
	 * What became of a batch.
	 *
	 * @param stored what was stored, in order
	 * @param locked what was not, because the topic's row is locked; to be stored later,
	 * before anything else on that topic
	 */
	record Outcome(List<StoredPublication> stored, List<Pending> locked) {

		static final Outcome NOTHING = new Outcome(List.of(), List.of());

	}

}
