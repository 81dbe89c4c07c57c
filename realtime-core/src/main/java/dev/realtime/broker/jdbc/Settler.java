package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.log.jdbc.Hole;
import dev.realtime.log.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.JdbcSettling;
import dev.realtime.log.jdbc.JdbcTopicLog;
import dev.realtime.log.jdbc.Place;
import dev.realtime.log.jdbc.StoredPublication;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the heads of topics where a counter numbers. A message is announced only after
 * somebody tried, after its commit, to move its topic's head: so nobody gets a message
 * that the log would call beyond its head. Where that cannot be done the message stays in
 * the outbox, whose poll does it.
 * <p>
 * Two threads: one waits for the database with what was just committed, one with holes,
 * which may wait for transactions that are still open. Methods without
 * {@code throws SQLException} never block.
 */
final class Settler {

	/** Most committed publications that wait; more are left to the outbox. */
	private static final int MAX_COMMITTED = 10_000;

	/** Most topics with holes that are kept in mind; more are left to their readers. */
	private static final int MAX_HOLES = 10_000;

	/** Most numbers that wait to be made void; more are left to the grace. */
	private static final int MAX_UNUSED = 10_000;

	private static final int BATCH = 500;

	private static final long MAX_TICK_MILLIS = 200;

	private static final Logger logger = LoggerFactory.getLogger(Settler.class);

	private final JdbcDatabase database;

	private final Announcer announcer;

	private final BiConsumer<Topic, TopicPolicy> trim;

	private final Clock clock;

	private final long graceMillis;

	private final BlockingQueue<StoredPublication> committed = new LinkedBlockingQueue<>(MAX_COMMITTED);

	private final BlockingQueue<Place> unused = new LinkedBlockingQueue<>(MAX_UNUSED);

	private final Set<Topic> holes = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean announcing = new AtomicBoolean();

	private final AtomicBoolean abandoning = new AtomicBoolean();

	private final ScheduledThreadPoolExecutor threads;

	Settler(JdbcDatabase database, Announcer announcer, BiConsumer<Topic, TopicPolicy> trim, Clock clock,
			Duration grace) {
		this.database = database;
		this.announcer = announcer;
		this.trim = trim;
		this.clock = clock;
		this.graceMillis = grace.toMillis();
		AtomicInteger number = new AtomicInteger();
		this.threads = new ScheduledThreadPoolExecutor(2, (task) -> {
			Thread thread = new Thread(task, "realtime-jdbc-settler-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
	}

	void start() {
		long tick = Math.min(MAX_TICK_MILLIS, this.graceMillis / 4);
		var unused = this.threads.scheduleWithFixedDelay(this::fillHoles, tick, tick, TimeUnit.MILLISECONDS);
	}

	/**
	 * Announces what a transaction of the application's committed, once it is settled.
	 */
	void committed(StoredPublication stored) {
		if (stored.message() != null && this.committed.offer(stored)) {
			once(this.announcing, this::announceCommitted);
		}
	}

	/** Makes numbers void that nobody will use. */
	void abandon(Collection<Place> numbers) {
		if (!numbers.isEmpty()) {
			numbers.forEach(this.unused::offer);
			once(this.abandoning, this::makeVoid);
		}
	}

	/** Looks after a topic whose head waits for a number. */
	void watch(Topic topic) {
		if (this.holes.size() < MAX_HOLES) {
			this.holes.add(topic);
		}
	}

	/**
	 * Moves the heads as far as numbers are settled: all at once, or, when somebody keeps
	 * one of the rows locked, one by one until that was met twice.
	 * @return those whose heads were moved as far as they go
	 */
	Set<Topic> settle(Set<Topic> topics) throws SQLException {
		if (topics.isEmpty()) {
			return topics;
		}
		try {
			settle(unknown(topics));
			return topics;
		}
		catch (SQLException ex) {
			if (topics.size() == 1 || JdbcFailure.of(ex) != JdbcFailure.TIMEOUT) {
				throw ex;
			}
		}
		return settleEach(topics);
	}

	/**
	 * Moves a head if there is something behind it; see {@link JdbcTopicLog.HeadCheck}.
	 */
	boolean moves(Topic topic, Position seen) throws SQLException {
		if (!this.database.read((session) -> JdbcSettling.isDue(session, topic, seen))) {
			return false;
		}
		settle(unknown(Set.of(topic)));
		return true;
	}

	/** Ends its threads; idempotent; returns within 0.5 s. */
	void close() {
		this.threads.shutdown();
		try {
			var unused = this.threads.awaitTermination(500, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Set<Topic> settleEach(Set<Topic> topics) throws SQLException {
		List<Topic> some = new ArrayList<>(topics);
		Collections.shuffle(some);
		Set<Topic> settled = new HashSet<>();
		int locked = 0;
		for (Topic topic : some) {
			try {
				settle(unknown(Set.of(topic)));
				settled.add(topic);
			}
			catch (SQLException ex) {
				if (JdbcFailure.of(ex) != JdbcFailure.TIMEOUT) {
					throw ex;
				}
				if (++locked == 2) {
					break;
				}
			}
		}
		return settled;
	}

	/** Topics whose policies are not known here. */
	private static Map<Topic, @Nullable TopicPolicy> unknown(Set<Topic> topics) {
		Map<Topic, @Nullable TopicPolicy> unknown = new HashMap<>();
		topics.forEach((topic) -> unknown.put(topic, null));
		return unknown;
	}

	private JdbcSettling.Outcome settle(Map<Topic, @Nullable TopicPolicy> topics) throws SQLException {
		JdbcSettling.Outcome outcome = this.database
			.write((session) -> JdbcSettling.settle(session, topics, this.clock.millis()));
		outcome.holes().keySet().forEach(this::watch);
		return outcome;
	}

	private void announceCommitted() throws SQLException {
		List<StoredPublication> batch = new ArrayList<>();
		while (this.committed.drainTo(batch, BATCH) > 0) {
			Map<Topic, @Nullable TopicPolicy> policies = new HashMap<>();
			batch.forEach((stored) -> policies.put(stored.receipt().topic(), stored.policy()));
			JdbcSettling.Outcome outcome = settle(policies);
			for (StoredPublication stored : batch) {
				if (stored.message() != null) {
					this.announcer.announce(stored.message());
				}
			}
			outcome.trimDue().forEach((topic) -> {
				TopicPolicy policy = policies.get(topic);
				if (policy != null) {
					this.trim.accept(topic, policy);
				}
			});
			batch.clear();
		}
	}

	private void makeVoid() throws SQLException {
		List<Place> batch = new ArrayList<>();
		while (this.unused.drainTo(batch, BATCH) > 0) {
			List<Place> places = List.copyOf(batch);
			batch.clear();
			// whatever becomes of it, a hole that remains is looked after
			places.forEach((place) -> watch(place.topic()));
			this.database.write((session) -> {
				JdbcSettling.makeVoid(session, places, this.clock.millis());
				return places.size();
			});
			settle(unknown(places.stream().map(Place::topic).collect(Collectors.toSet())));
		}
	}

	private void fillHoles() {
		for (Topic topic : List.copyOf(this.holes)) {
			this.holes.remove(topic);
			try {
				fill(topic);
			}
			catch (SQLException | RuntimeException ex) {
				// mostly a transaction that is still open
				logger.debug("A hole in \"{}\" stays", topic, ex);
				watch(topic);
			}
		}
	}

	private void fill(Topic topic) throws SQLException {
		Map<Topic, @Nullable TopicPolicy> unknown = unknown(Set.of(topic));
		Hole hole = settle(unknown).holes().get(topic);
		if (hole != null && hole.since() + this.graceMillis <= this.clock.millis()) {
			this.database.write((session) -> {
				JdbcSettling.fill(session, hole, this.clock.millis());
				return true;
			});
			settle(unknown);
		}
	}

	/** One run at a time, and one more after everything that came meanwhile. */
	private void once(AtomicBoolean scheduled, Task task) {
		if (!scheduled.compareAndSet(false, true)) {
			return;
		}
		try {
			this.threads.execute(() -> {
				synchronized (scheduled) {
					scheduled.set(false);
					try {
						task.run();
					}
					catch (SQLException | RuntimeException ex) {
						logger.debug("Heads could not be moved; it is tried again", ex);
					}
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// closed: other nodes do it
		}
	}

	@FunctionalInterface
	private interface Task {

		void run() throws SQLException;

	}

}
