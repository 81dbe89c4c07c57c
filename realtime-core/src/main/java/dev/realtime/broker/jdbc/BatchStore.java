package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
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
 * for must not cost the others: a batch that fails is stored again one by one. Safe for
 * several writers; blocks.
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
	 * Stores, and completes every receipt.
	 * @return what was stored, in order
	 */
	List<StoredPublication> store(List<Pending> batch) {
		try {
			return transaction(batch);
		}
		catch (SQLException ex) {
			JdbcFailure failure = JdbcFailure.of(ex);
			if (failure == JdbcFailure.AWAY || failure == JdbcFailure.UNKNOWN || batch.size() == 1) {
				batch.forEach((pending) -> fail(pending, failure, ex));
				return List.of();
			}
			return oneByOne(batch);
		}
		catch (RuntimeException ex) {
			if (batch.size() == 1) {
				giveUp(batch.get(0), "it could not be stored: " + ex.getMessage(), ex);
				return List.of();
			}
			return oneByOne(batch);
		}
	}

	/** Whether the database was away when it was used last. */
	boolean isAway() {
		return !this.database.answers();
	}

	/** Fails what waits behind a batch for a database that is away. */
	void refuse(List<Pending> waiting) {
		waiting.forEach((pending) -> pending.refuse(AWAY, null));
	}

	private List<StoredPublication> transaction(List<Pending> batch) throws SQLException {
		List<JdbcStore.Entry> entries = batch.stream().map(Pending::entry).toList();
		List<StoredPublication> stored = this.storing.store(entries);
		for (int i = 0; i < batch.size(); i++) {
			batch.get(i).receipt().complete(stored.get(i).receipt());
		}
		return stored;
	}

	private List<StoredPublication> oneByOne(List<Pending> batch) {
		List<StoredPublication> stored = new ArrayList<>();
		// a topic whose row somebody keeps locked costs its time limit once, not for each
		// message
		Set<Topic> locked = new HashSet<>();
		JdbcFailure last = JdbcFailure.REFUSED;
		for (Pending pending : batch) {
			if (last == JdbcFailure.AWAY) {
				pending.refuse(AWAY, null);
			}
			else if (locked.contains(pending.topic())) {
				pending.refuse("another transaction keeps the topic locked", null);
			}
			else {
				try {
					stored.addAll(transaction(List.of(pending)));
				}
				catch (SQLException ex) {
					last = JdbcFailure.of(ex);
					fail(pending, last, ex);
					if (last == JdbcFailure.TIMEOUT) {
						locked.add(pending.topic());
					}
				}
				catch (RuntimeException ex) {
					giveUp(pending, "it could not be stored: " + ex.getMessage(), ex);
				}
			}
		}
		return stored;
	}

	private void fail(Pending pending, JdbcFailure failure, SQLException ex) {
		switch (failure) {
			case UNKNOWN -> pending.unknown("the database did not answer the commit: " + ex.getMessage(), ex);
			case AWAY -> pending.refuse(AWAY + ": " + ex.getMessage(), ex);
			case CONFLICT -> pending.refuse("it lost against other transactions too often: " + ex.getMessage(), ex);
			case TIMEOUT ->
				pending.refuse("the database took too long, and nothing was stored: " + ex.getMessage(), ex);
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
		 * @return one for each, in the same order
		 * @throws SQLException as {@link JdbcDatabase#write} does
		 */
		List<StoredPublication> store(List<JdbcStore.Entry> entries) throws SQLException;

	}

}
