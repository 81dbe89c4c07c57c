package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import dev.realtime.Topic;
import dev.realtime.log.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcDeadLetters;
import dev.realtime.log.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.StoredPublication;

/**
 * Stores batches, and tells each publisher how it ended. What one publication is to blame
 * for must not cost the others: a batch that fails is stored again one by one, and topics
 * whose rows other transactions have locked are left out. Safe for several writers;
 * blocks.
 */
final class BatchStore {

	static final String AWAY = "the database is away and nothing was stored; it is tried again by itself";

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
		return store(batch, false);
	}

	/**
	 * Stores publications of one topic, waiting a second at most for its row. Completes
	 * all receipts unless the row stayed locked.
	 */
	Outcome storeWaiting(List<Pending> batch) {
		return store(batch, true);
	}

	/** Whether the database was away when it was used last. */
	boolean isAway() {
		return !this.database.answers();
	}

	/** Fails what waits behind a batch for a database that is away. */
	void refuse(List<Pending> waiting) {
		waiting.forEach((pending) -> pending.refuse(AWAY, null));
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
				// mostly a lock; which topic's is found out one by one
				return new Outcome(List.of(), batch);
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
		catch (Error ex) {
			batch.forEach((pending) -> pending.unknown("storing failed: " + ex, ex));
			throw ex;
		}
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
			case CONFLICT -> pending.refuse("it lost against other transactions too often: " + ex.getMessage(), ex);
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
			kept = ", nor would it keep it as a dead letter: " + ex.getMessage();
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
