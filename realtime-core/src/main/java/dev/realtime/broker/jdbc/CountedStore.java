package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.log.jdbc.Draft;
import dev.realtime.log.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcNumberedStore;
import dev.realtime.log.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.NumberTakenException;
import dev.realtime.log.jdbc.Place;
import dev.realtime.log.jdbc.StoredPublication;

/**
 * Takes numbers from the counter, then stores. Numbers that turn out to be somebody
 * else's are exchanged for new ones, which are higher than all that this node had before;
 * whatever was taken and not used is made void. While the counter is away the log
 * numbers. Safe for any number of threads; blocks.
 */
final class CountedStore implements BatchStore.Storing {

	private final JdbcDatabase database;

	private final Numbers numbers;

	private final Settler settler;

	private final Clock clock;

	private final long graceNanos;

	CountedStore(JdbcDatabase database, Numbers numbers, Settler settler, Clock clock, Duration holeGrace) {
		this.graceNanos = holeGrace.toNanos();
		this.database = database;
		this.numbers = numbers;
		this.settler = settler;
		this.clock = clock;
	}

	@Override
	public List<StoredPublication> store(List<JdbcStore.Entry> entries) throws SQLException {
		List<Place> unused = new ArrayList<>();
		try {
			for (int attempt = 1;; attempt++) {
				long before = this.clock.millis();
				Draft draft = this.database.read((session) -> JdbcNumberedStore.draft(session, entries, before));
				List<Draft.Demand> demands = draft.demands();
				Map<Topic, Long> firsts = this.numbers.take(demands, attempt,
						(demand) -> this.database.read((session) -> JdbcNumberedStore.highest(session, demand)));
				List<Place> taken = Numbers.places(demands, firsts);
				unused.addAll(taken);
				Map<Topic, Long> above = above(demands, attempt);
				// not earlier: a hole before a message counts its age from there
				long now = this.clock.millis();
				try {
					JdbcNumberedStore.Stored stored = this.database
						.write((session) -> JdbcNumberedStore.store(session, draft, firsts, above, now));
					unused.subList(unused.size() - taken.size(), unused.size()).clear();
					stored.last().forEach(this.numbers::note);
					stored.unsettled().forEach(this.settler::watch);
					return stored.publications();
				}
				catch (NumberTakenException ex) {
					if (attempt == Numbers.MAX_ATTEMPTS) {
						throw ex;
					}
				}
			}
		}
		finally {
			this.settler.abandon(unused);
		}
	}

	/** Stores one in a transaction of the caller's, and leaves the head as it is. */
	StoredPublication storeIn(JdbcSession session, JdbcStore.Entry entry) throws SQLException {
		List<Place> unused = new ArrayList<>();
		try {
			for (int attempt = 1; attempt <= Numbers.MAX_ATTEMPTS; attempt++) {
				Draft draft = JdbcNumberedStore.draft(session, List.of(entry), this.clock.millis());
				List<Draft.Demand> demands = draft.demands();
				long deadline = System.nanoTime() + this.graceNanos / 2;
				Map<Topic, Long> firsts = this.numbers.take(demands, attempt,
						(demand) -> JdbcNumberedStore.highest(session, demand));
				List<Place> taken = Numbers.places(demands, firsts);
				unused.addAll(taken);
				JdbcNumberedStore.Stored stored = JdbcNumberedStore.storeOpen(session, draft, firsts,
						above(demands, attempt), this.clock.millis(), deadline);
				if (stored != null) {
					unused.subList(unused.size() - taken.size(), unused.size()).clear();
					stored.last().forEach(this.numbers::note);
					return stored.publications().get(0);
				}
			}
			throw new SQLException("All of " + Numbers.MAX_ATTEMPTS + " numbers were taken already");
		}
		finally {
			this.settler.abandon(unused);
		}
	}

	/**
	 * Where the log numbers, a snapshot may hide what is taken: do not try each of them.
	 */
	private Map<Topic, Long> above(List<Draft.Demand> demands, int attempt) {
		Map<Topic, Long> above = this.numbers.above(demands);
		if (attempt > 2) {
			above.replaceAll((topic, seq) -> seq + (1L << (attempt - 3)));
		}
		return above;
	}

}
