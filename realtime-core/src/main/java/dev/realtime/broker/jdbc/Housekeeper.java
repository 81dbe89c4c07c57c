package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.deadletter.jdbc.JdbcDeadLetters;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.outbox.jdbc.JdbcOutbox;
import dev.realtime.relay.Relay;
import dev.realtime.retention.jdbc.JdbcRetention;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loop for what need not happen at once: it empties the outbox of what was announced,
 * announces what other nodes left there, and lets go of what need not be kept. Every node
 * does all of it; there is no leader. A failure is logged, at most once a minute, and the
 * next turn tries again.
 */
final class Housekeeper {

	private static final Logger logger = LoggerFactory.getLogger(Housekeeper.class);

	private static final Duration FLUSH = Duration.ofMillis(200);

	private static final int FLUSH_SIZE = 5_000;

	private static final int POLL_SIZE = 200;

	private static final int MAX_PAGES = 50;

	private static final long ANNOUNCE_MILLIS = 1_000;

	private static final Duration STATS = Duration.ofSeconds(2);

	private static final Duration SWEEP = Duration.ofSeconds(30);

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private static final int SWEEP_TOPICS = 10;

	private static final int MAX_TRIMS = 20;

	/** Most topics that wait to be trimmed; more are left to their next publications. */
	private static final int MAX_TO_TRIM = 10_000;

	/** Most topics that one poll passes over. */
	private static final int MAX_PASSED = 500;

	private final JdbcDatabase database;

	private final Announcer announcer;

	private final Relay relay;

	private final Clock clock;

	private final Settling settling;

	private final Duration pollInterval;

	private final long graceMillis;

	private final int maxAttempts;

	private final Loop loop;

	private final Map<Topic, TopicPolicy> toTrim = new ConcurrentHashMap<>();

	private final AtomicBoolean trimming = new AtomicBoolean();

	private volatile boolean closed;

	private volatile OutboxStats stats = OutboxStats.EMPTY;

	private final LogThrottle failures;

	Housekeeper(JdbcDatabase database, Announcer announcer, Relay relay, Clock clock, JdbcBrokerOptions options,
			Settling settling, Loops loops) {
		this.database = database;
		this.failures = new LogThrottle(loops.environment());
		this.announcer = announcer;
		this.relay = relay;
		this.clock = clock;
		this.settling = settling;
		this.pollInterval = options.pollInterval();
		this.graceMillis = options.outboxGrace().toMillis();
		this.maxAttempts = options.maxAttempts();
		this.loop = loops.loop("realtime-jdbc-outbox");
	}

	void start() {
		every(FLUSH, this::flush);
		every(this.pollInterval, this::poll);
		every(STATS, this::look);
		every(SWEEP, this::sweep);
	}

	/** What waited when it was last looked at. */
	OutboxStats stats() {
		return this.stats;
	}

	/** Trims a topic soon. */
	void trimSoon(Topic topic, TopicPolicy policy) {
		if (this.toTrim.size() < MAX_TO_TRIM) {
			this.toTrim.put(topic, policy);
			trimLater();
		}
	}

	private void trimLater() {
		if (this.trimming.compareAndSet(false, true) && !this.loop.tryExecute(this::trimNext)) {
			this.trimming.set(false);
		}
	}

	private void trimNext() {
		this.trimming.set(false);
		Iterator<Map.Entry<Topic, TopicPolicy>> next = this.toTrim.entrySet().iterator();
		if (next.hasNext()) {
			Map.Entry<Topic, TopicPolicy> first = next.next();
			next.remove();
			guarded(() -> trim(first.getKey(), first.getValue()));
		}
		if (!this.toTrim.isEmpty()) {
			trimLater();
		}
	}

	/** Trims a topic to its policy, in small transactions; blocks. */
	void trim(Topic topic, TopicPolicy policy) throws SQLException {
		boolean more = true;
		for (int i = 0; more && i < MAX_TRIMS && !this.closed; i++) {
			more = this.database.write((session) -> JdbcRetention.trim(session, topic, policy, this.clock.millis()));
		}
	}

	/** Removes what was announced, as far as it is done within 1 s; idempotent. */
	void close() {
		this.closed = true;
		this.loop.execute(() -> guarded(this::flush));
		var unused = this.loop.close(CLOSING);
	}

	/**
	 * Goes on while pages are full only: deleting one row takes as long as publishing
	 * one, so what was announced meanwhile would never come to an end, one transaction
	 * each.
	 */
	private void flush() throws SQLException {
		List<MessageLocation> announced;
		do {
			List<MessageLocation> rows = this.announcer.takeAnnounced(FLUSH_SIZE);
			if (!rows.isEmpty()) {
				this.database.write((session) -> {
					JdbcOutbox.announced(session, rows);
					return rows.size();
				});
			}
			announced = rows;
			this.loop.progressed();
		}
		while (announced.size() == FLUSH_SIZE);
	}

	private void poll() throws SQLException {
		if (!this.database.answers()) {
			this.database.check();
		}
		boolean more = this.relay.isConnected();
		Set<Topic> passed = new HashSet<>();
		for (int i = 0; more && i < MAX_PAGES && passed.size() <= MAX_PASSED && !this.closed; i++) {
			more = this.database.write((session) -> {
				JdbcOutbox.Due due = JdbcOutbox.due(session, this.clock.millis() - this.graceMillis, POLL_SIZE, passed);
				Set<Topic> topics = due.messages().stream().map(TopicMessage::topic).collect(Collectors.toSet());
				Set<Topic> settled = this.settling.settle(Set.copyOf(topics));
				topics.removeAll(settled);
				// the next page is of topics behind those whose rows are locked
				passed.addAll(topics);
				List<TopicMessage> ready = due.messages()
					.stream()
					.filter((message) -> settled.contains(message.topic()))
					.toList();
				Announcer.Outcome outcome = this.announcer.announceAndWait(ready, ANNOUNCE_MILLIS);
				JdbcOutbox.announced(session, outcome.done());
				JdbcOutbox.failed(session, due, outcome.failed(), outcome.error(), this.maxAttempts,
						this.clock.millis());
				return due.hasMore() && outcome.failed().isEmpty();
			});
			this.loop.progressed();
		}
	}

	private void look() throws SQLException {
		this.stats = this.database
			.read((session) -> new OutboxStats(JdbcOutbox.depth(session), JdbcDeadLetters.count(session)));
	}

	private void sweep() throws SQLException {
		boolean more = true;
		for (int i = 0; more && i < MAX_PAGES && !this.closed; i++) {
			more = this.database.write((session) -> JdbcRetention.sweep(session, this.clock.millis(), SWEEP_TOPICS));
			this.loop.progressed();
		}
	}

	private void every(Duration interval, Task task) {
		this.loop.every(interval, () -> guarded(task));
	}

	private void guarded(Task task) {
		try {
			task.run();
		}
		catch (SQLException | RuntimeException ex) {
			long times = this.failures.add(!this.closed);
			if (times > 0) {
				logger.warn("The outbox could not be processed; trying again ({} failures since this was last "
						+ "logged): {}", times, ex.toString());
			}
		}
	}

	/** Moves the heads of topics before their messages are announced. */
	@FunctionalInterface
	interface Settling {

		/**
		 * Blocks; uses another connection than the caller.
		 * @return those whose messages may be announced
		 */
		Set<Topic> settle(Set<Topic> topics) throws SQLException;

	}

	@FunctionalInterface
	private interface Task {

		void run() throws SQLException;

	}

}
