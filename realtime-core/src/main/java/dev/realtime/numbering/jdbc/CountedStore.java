package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.StoredPublication;

/**
 * Takes numbers from the counter, then stores. Numbers that turn out to be somebody
 * else's are exchanged for new ones, which are higher than all that this node had before;
 * whatever was taken and not used is made void. While the counter is away the log
 * numbers. Safe for any number of threads; blocks.
 */
final class CountedStore {

	private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final JdbcDatabase database;

	private final Numbers numbers;

	private final Settler settler;

	private final Clock clock;

	/** Topics whose rows were found locked; each forgotten after seconds. */
	private final Map<Topic, Long> stuckUntil = new ConcurrentHashMap<>();

	CountedStore(JdbcDatabase database, Numbers numbers, Settler settler, Clock clock) {
		this.database = database;
		this.numbers = numbers;
		this.settler = settler;
		this.clock = clock;
	}

	/** Stores in one transaction and commits it. */
	JdbcStore.Batch store(List<JdbcStore.Entry> entries) throws SQLException {
		List<MessageLocation> unused = new ArrayList<>();
		try {
			for (int attempt = 1;; attempt++) {
				long before = this.clock.millis();
				Draft draft = this.database.read((session) -> JdbcNumberedStore.draft(session, entries, before));
				List<Draft.Demand> demands = draft.demands();
				Map<Topic, Long> firsts = this.numbers.take(demands, attempt,
						(demand) -> this.database.read((session) -> JdbcNumberedStore.highest(session, demand)));
				List<MessageLocation> taken = Numbers.places(demands, firsts);
				unused.addAll(taken);
				Map<Topic, Long> above = above(demands, attempt);
				// not earlier: a hole before a message counts its age from there
				long now = this.clock.millis();
				try {
					JdbcNumberedStore.Stored stored = storeWithin(
							entries.stream().map((entry) -> entry.publication().topic()).collect(Collectors.toSet()),
							(session, stuck) -> JdbcNumberedStore.store(session, draft, firsts, above, stuck, now));
					unused.subList(unused.size() - taken.size(), unused.size()).clear();
					stored.last().forEach(this.numbers::note);
					stored.unsettled().forEach(this.settler::watch);
					return new JdbcStore.Batch(
							stored.publications().stream().map((each) -> announced(each, stored)).toList(), Set.of());
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

	/**
	 * Runs the transaction. If it timed out waiting for locked rows it is run again and
	 * passes over them, and so are those that follow within seconds: so a locked topic
	 * delays the others once in a while.
	 */
	private JdbcNumberedStore.Stored storeWithin(Set<Topic> topics, Transaction transaction) throws SQLException {
		try {
			Set<Topic> stuck = stuck(topics);
			return this.database.write((session) -> transaction.run(session, stuck));
		}
		catch (SQLException ex) {
			if (JdbcFailure.of(ex) != JdbcFailure.TIMEOUT) {
				throw ex;
			}
			Set<Topic> locked = this.database.write((session) -> JdbcSettling.locked(session, topics));
			if (locked.isEmpty()) {
				throw ex;
			}
			long until = this.database.environment().nanoTime() + STUCK_NANOS;
			locked.forEach((topic) -> this.stuckUntil.put(topic, until));
			Set<Topic> stuck = stuck(topics);
			return this.database.write((session) -> transaction.run(session, stuck));
		}
	}

	private Set<Topic> stuck(Set<Topic> topics) {
		if (this.stuckUntil.isEmpty()) {
			return Set.of();
		}
		long now = this.database.environment().nanoTime();
		this.stuckUntil.values().removeIf((until) -> until - now < 0);
		return topics.stream().filter(this.stuckUntil::containsKey).collect(Collectors.toSet());
	}

	/**
	 * A topic's head that was passed over because its row is locked is moved by the
	 * settler, which then announces the message.
	 */
	private StoredPublication announced(StoredPublication publication, JdbcNumberedStore.Stored stored) {
		if (publication.message() == null || !stored.passed().contains(publication.receipt().topic())) {
			return publication;
		}
		this.settler.committed(publication);
		return new StoredPublication(publication.receipt(), null, publication.policy(), false);
	}

	/** Stores one in a transaction of the caller's, and leaves the head as it is. */
	StoredPublication storeIn(JdbcSession session, JdbcStore.Entry entry) throws SQLException {
		List<MessageLocation> unused = new ArrayList<>();
		try {
			for (int attempt = 1; attempt <= Numbers.MAX_ATTEMPTS; attempt++) {
				Draft draft = JdbcNumberedStore.draft(session, List.of(entry), this.clock.millis());
				List<Draft.Demand> demands = draft.demands();
				Map<Topic, Long> firsts = this.numbers.take(demands, attempt, (demand) -> highest(session, demand));
				List<MessageLocation> taken = Numbers.places(demands, firsts);
				unused.addAll(taken);
				JdbcNumberedStore.Stored stored = JdbcNumberedStore.storeOpen(session, this.database, draft, firsts,
						above(demands, attempt), this.clock.millis());
				if (stored != null) {
					unused.subList(unused.size() - taken.size(), unused.size()).clear();
					stored.last().forEach(this.numbers::note);
					return stored.publications().get(0);
				}
			}
			throw new SQLException("All of " + Numbers.MAX_ATTEMPTS + " numbers from the counter are already in use");
		}
		finally {
			this.settler.abandon(unused);
		}
	}

	private long highest(JdbcSession session, Draft.Demand demand) throws SQLException {
		long highest = JdbcNumberedStore.highest(session, demand);
		return session.seesOldRows()
				? Math.max(highest, this.database.read((fresh) -> JdbcNumberedStore.highest(fresh, demand))) : highest;
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

	private interface Transaction {

		JdbcNumberedStore.Stored run(JdbcSession session, Set<Topic> stuck) throws SQLException;

	}

}
