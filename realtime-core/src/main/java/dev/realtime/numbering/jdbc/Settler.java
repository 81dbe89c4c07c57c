package dev.realtime.numbering.jdbc;

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
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.JdbcTopicLog;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the heads of topics where a counter numbers. A message is announced only after
 * somebody tried, after its commit, to move its topic's head: so nobody gets a message
 * that the log would call beyond its head. Where that cannot be done the message stays in
 * the outbox, whose poll does it.
 * <p>
 * One loop moves heads after commits, one makes numbers void, and {@link Holes} has one
 * of its own: each may wait for transactions that are still open, and none for another.
 * Methods without {@code throws SQLException} never block.
 */
final class Settler {

	/** Most committed publications that wait; more are left to the outbox. */
	private static final int MAX_COMMITTED = 10_000;

	/** Most numbers that wait to be made void; more are left to the grace. */
	private static final int MAX_UNUSED = 10_000;

	private static final int BATCH = 500;

	private static final Duration CLOSING = Duration.ofMillis(150);

	private static final Logger logger = LoggerFactory.getLogger(Settler.class);

	private final JdbcDatabase database;

	private final Consumer<TopicMessage> announce;

	private final BiConsumer<Topic, TopicPolicy> trim;

	private final Clock clock;

	private final BlockingQueue<StoredPublication> committed = new LinkedBlockingQueue<>(MAX_COMMITTED);

	private final BlockingQueue<MessageLocation> unused = new LinkedBlockingQueue<>(MAX_UNUSED);

	private final AtomicBoolean announcing = new AtomicBoolean();

	private final AtomicBoolean abandoning = new AtomicBoolean();

	private final Loop heads;

	private final Loop voids;

	private final Holes holes;

	Settler(JdbcDatabase database, Consumer<TopicMessage> announce, BiConsumer<Topic, TopicPolicy> trim, Clock clock,
			Duration grace, Loops loops) {
		this.database = database;
		this.announce = announce;
		this.trim = trim;
		this.clock = clock;
		this.heads = loops.loop("realtime-jdbc-heads");
		this.voids = loops.loop("realtime-jdbc-voids");
		this.holes = new Holes(database, clock, grace, loops.loop("realtime-jdbc-holes"));
	}

	void start() {
		this.holes.start();
	}

	/**
	 * Announces what a transaction of the application's committed, once it is settled.
	 */
	void committed(StoredPublication stored) {
		if (stored.message() != null && this.committed.offer(stored)) {
			once(this.announcing, this.heads, this.committed, this::announceCommitted);
		}
	}

	/** Makes numbers void that nobody will use. */
	void abandon(Collection<MessageLocation> numbers) {
		if (!numbers.isEmpty()) {
			numbers.forEach(this.unused::offer);
			once(this.abandoning, this.voids, this.unused, this::makeVoid);
		}
	}

	/** Looks after a topic whose head waits for a number. */
	void watch(Topic topic) {
		this.holes.watch(topic);
	}

	/**
	 * Moves the heads as far as numbers are settled.
	 * @return those whose heads were moved as far as they go
	 */
	Set<Topic> settle(Set<Topic> topics) throws SQLException {
		if (topics.isEmpty()) {
			return topics;
		}
		Set<Topic> settled = new HashSet<>(topics);
		settled.removeAll(settle(unknown(topics)).locked());
		return settled;
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

	/** Ends its loops; idempotent; returns within 0.5 s. */
	void close() {
		// an interrupt would close the files of an H2 database
		var unusedHeads = this.heads.close(CLOSING);
		var unusedVoids = this.voids.close(CLOSING);
		this.holes.close(CLOSING);
	}

	/** Topics whose policies are not known here. */
	private static Map<Topic, @Nullable TopicPolicy> unknown(Set<Topic> topics) {
		Map<Topic, @Nullable TopicPolicy> unknown = new HashMap<>();
		topics.forEach((topic) -> unknown.put(topic, null));
		return unknown;
	}

	/**
	 * Moves all heads whose rows are free, then the others one by one until two of them
	 * stayed locked.
	 * @return its locked topics are those whose heads could not be moved
	 */
	private JdbcSettling.Outcome settle(Map<Topic, @Nullable TopicPolicy> topics) throws SQLException {
		Map<Topic, Hole> holes = new HashMap<>();
		Set<Topic> trimDue = new HashSet<>();
		List<Topic> locked = new ArrayList<>(free(topics, holes, trimDue));
		Collections.shuffle(locked);
		Set<Topic> left = new HashSet<>(locked);
		int failed = 0;
		for (Topic topic : locked) {
			Map<Topic, @Nullable TopicPolicy> one = new HashMap<>();
			one.put(topic, topics.get(topic));
			try {
				JdbcSettling.Outcome outcome = this.database
					.write((session) -> JdbcSettling.settle(session, one, this.clock.millis()));
				holes.putAll(outcome.holes());
				trimDue.addAll(outcome.trimDue());
				left.remove(topic);
			}
			catch (SQLException ex) {
				if (JdbcFailure.of(ex) != JdbcFailure.TIMEOUT) {
					throw ex;
				}
				if (++failed == 2) {
					break;
				}
			}
		}
		holes.keySet().forEach(this::watch);
		left.forEach(this::watch);
		return new JdbcSettling.Outcome(holes, trimDue, left);
	}

	/** Moves the heads whose rows are free; returns the topics whose rows are not. */
	private Set<Topic> free(Map<Topic, @Nullable TopicPolicy> topics, Map<Topic, Hole> holes, Set<Topic> trimDue)
			throws SQLException {
		try {
			JdbcSettling.Outcome outcome = this.database
				.write((session) -> JdbcSettling.settleFree(session, topics, this.clock.millis()));
			holes.putAll(outcome.holes());
			trimDue.addAll(outcome.trimDue());
			return outcome.locked();
		}
		catch (SQLException ex) {
			if (JdbcFailure.of(ex) != JdbcFailure.TIMEOUT) {
				throw ex;
			}
			// a database that cannot pass over locked rows
			return topics.keySet();
		}
	}

	private boolean announceCommitted() throws SQLException {
		List<StoredPublication> batch = new ArrayList<>();
		this.committed.drainTo(batch, BATCH);
		Map<Topic, @Nullable TopicPolicy> policies = new HashMap<>();
		batch.forEach((stored) -> policies.put(stored.receipt().topic(), stored.policy()));
		JdbcSettling.Outcome outcome = settle(policies);
		for (StoredPublication stored : batch) {
			if (stored.message() != null && !outcome.locked().contains(stored.message().topic())) {
				this.announce.accept(stored.message());
			}
		}
		outcome.trimDue().forEach((topic) -> {
			TopicPolicy policy = policies.get(topic);
			if (policy != null) {
				this.trim.accept(topic, policy);
			}
		});
		return true;
	}

	private boolean makeVoid() throws SQLException {
		List<MessageLocation> places = new ArrayList<>();
		this.unused.drainTo(places, BATCH);
		// whatever becomes of it, a hole that remains is looked after
		places.forEach((place) -> watch(place.topic()));
		this.database.write((session) -> {
			JdbcSettling.makeVoid(session, places, this.clock.millis());
			return places.size();
		});
		settle(unknown(places.stream().map(MessageLocation::topic).collect(Collectors.toSet())));
		return true;
	}

	/** Runs the task until nothing waits in the queue, one batch at a time. */
	private void once(AtomicBoolean scheduled, Loop loop, Collection<?> queue, Callable<?> batch) {
		if (queue.isEmpty() || !scheduled.compareAndSet(false, true)) {
			return;
		}
		boolean accepted = loop.tryExecute(() -> {
			scheduled.set(false);
			try {
				batch.call();
			}
			catch (Exception ex) {
				logger.debug("Heads could not be advanced; trying again", ex);
			}
			finally {
				once(scheduled, loop, queue, batch);
			}
		});
		if (!accepted) {
			// closed: other nodes do it
			scheduled.set(false);
		}
	}

}
