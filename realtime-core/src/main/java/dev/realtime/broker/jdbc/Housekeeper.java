package dev.realtime.broker.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcDeadLetters;
import dev.realtime.log.jdbc.JdbcOutbox;
import dev.realtime.log.jdbc.JdbcRetention;
import dev.realtime.log.jdbc.Place;
import dev.realtime.relay.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for what need not happen at once: it empties the outbox of what was
 * announced, announces what other nodes left there, and lets go of what need not be kept.
 * Every node does all of it; nobody leads. A failure is logged, once until it works
 * again, and the next turn tries again.
 */
final class Housekeeper {

	private static final Logger logger = LoggerFactory.getLogger(Housekeeper.class);

	private static final long FLUSH_MILLIS = 200;

	private static final int FLUSH_SIZE = 5_000;

	private static final int POLL_SIZE = 200;

	private static final int MAX_PAGES = 50;

	private static final long ANNOUNCE_MILLIS = 1_000;

	private static final long STATS_MILLIS = 2_000;

	private static final long SWEEP_SECONDS = 30;

	private static final int SWEEP_TOPICS = 10;

	private static final int MAX_TRIMS = 20;

	private final JdbcDatabase database;

	private final Announcer announcer;

	private final Relay relay;

	private final Clock clock;

	private final Settling settling;

	private final long pollMillis;

	private final long graceMillis;

	private final int maxAttempts;

	private final ScheduledThreadPoolExecutor thread;

	private volatile boolean closed;

	private volatile OutboxStats stats = OutboxStats.EMPTY;

	/** Confined to the thread. */
	private boolean failing;

	Housekeeper(JdbcDatabase database, Announcer announcer, Relay relay, Clock clock, JdbcBrokerOptions options,
			Settling settling) {
		this.database = database;
		this.announcer = announcer;
		this.relay = relay;
		this.clock = clock;
		this.settling = settling;
		this.pollMillis = options.pollInterval().toMillis();
		this.graceMillis = options.outboxGrace().toMillis();
		this.maxAttempts = options.maxAttempts();
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "realtime-jdbc-outbox");
			thread.setDaemon(true);
			return thread;
		});
	}

	void start() {
		every(FLUSH_MILLIS, this::flush);
		every(this.pollMillis, this::poll);
		every(STATS_MILLIS, this::look);
		every(TimeUnit.SECONDS.toMillis(SWEEP_SECONDS), this::sweep);
	}

	/** What waited when it was last looked at. */
	OutboxStats stats() {
		return this.stats;
	}

	/** Trims a topic soon. */
	void trimSoon(Topic topic, TopicPolicy policy) {
		try {
			this.thread.execute(() -> guarded(() -> trim(topic, policy)));
		}
		catch (RejectedExecutionException ex) {
			// closed: the next one who publishes on the topic trims it
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
		try {
			this.thread.execute(() -> guarded(this::flush));
		}
		catch (RejectedExecutionException ex) {
			// closed before
		}
		this.thread.shutdown();
		try {
			var unused = this.thread.awaitTermination(1, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void flush() throws SQLException {
		List<Place> announced = this.announcer.takeAnnounced(FLUSH_SIZE);
		while (!announced.isEmpty()) {
			List<Place> rows = announced;
			this.database.write((session) -> {
				JdbcOutbox.announced(session, rows);
				return rows.size();
			});
			announced = this.announcer.takeAnnounced(FLUSH_SIZE);
		}
	}

	private void poll() throws SQLException {
		if (!this.database.answers()) {
			this.database.check();
		}
		boolean more = this.relay.isConnected();
		for (int i = 0; more && i < MAX_PAGES && !this.closed; i++) {
			more = this.database.write((session) -> {
				JdbcOutbox.Due due = JdbcOutbox.due(session, this.clock.millis() - this.graceMillis, POLL_SIZE);
				Set<Topic> settled = this.settling
					.settle(due.messages().stream().map(TopicMessage::topic).collect(Collectors.toSet()));
				List<TopicMessage> ready = due.messages()
					.stream()
					.filter((message) -> settled.contains(message.topic()))
					.toList();
				Announcer.Outcome outcome = this.announcer.announceAndWait(ready, ANNOUNCE_MILLIS);
				JdbcOutbox.announced(session, outcome.done());
				JdbcOutbox.failed(session, due, outcome.failed(), outcome.error(), this.maxAttempts,
						this.clock.millis());
				return due.hasMore() && outcome.failed().isEmpty() && ready.size() == due.messages().size();
			});
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
		}
	}

	private void every(long millis, Task task) {
		var unused = this.thread.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
	}

	private void guarded(Task task) {
		try {
			task.run();
			this.failing = false;
		}
		catch (SQLException | RuntimeException ex) {
			if (!this.failing && !this.closed) {
				logger.warn("The outbox cannot be looked after; it is tried again: {}", ex.toString());
			}
			this.failing = true;
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
