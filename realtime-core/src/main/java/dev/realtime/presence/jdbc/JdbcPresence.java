package dev.realtime.presence.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Outage;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.UserNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence of a fleet in PostgreSQL. Every change of a topic's members is one transaction
 * ({@link TopicChange}), which also numbers and stores its events on the presence topic:
 * an event is published once, in the order of the changes, and if and only if the change
 * is in force. A node has one lease for all that it has entered ({@link NodeLease}). A
 * node that was cut off for a lease while others were not is found dead: its users leave,
 * and join when it is back.
 * <p>
 * One thread writes, one renews the lease and looks what is due, two read. While the
 * database is away, changes are kept and written later; leaves of others are then found
 * later by the time that it was away, at most a lease.
 */
public final class JdbcPresence implements Presence {

	/** Users in one transaction, and leaves found by one. */
	static final int BATCH = 500;

	private static final int READS = 10_000;

	/** The rest of the 5 s is for the statements under way. */
	private static final Duration CLOSING = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(JdbcPresence.class);

	private final JdbcDatabase database;

	private final PresenceOptions options;

	private final TopicPolicies policies;

	private final Consumer<StoredPublication> announcer;

	private final Clock clock;

	private final Environment environment;

	private final NodeLease lease;

	private final Outage outage;

	private final LocalTopics topics = new LocalTopics();

	private final LogThrottle failures;

	private final LogThrottle policyFailures;

	private final JdbcCalls reads;

	private final Loop writer;

	private final Loop timer;

	private volatile boolean started;

	private volatile boolean closed;

	/**
	 * Presence that is not started.
	 * @param database where the log of the presence topics is, too
	 * @param nodeId for people who look into the tables; at most 64 characters; made
	 * unique here
	 * @param policies say how the events on presence topics are kept
	 * @param announcer announces an event that is committed; must not block
	 * @param clock gives the events their time
	 * @param loops makes the threads of presence
	 */
	public JdbcPresence(JdbcDatabase database, String nodeId, PresenceOptions options, TopicPolicies policies,
			Consumer<StoredPublication> announcer, Clock clock, Loops loops) {
		this.environment = loops.environment();
		this.failures = new LogThrottle(this.environment);
		this.policyFailures = new LogThrottle(this.environment);
		this.database = database;
		this.options = options;
		this.policies = policies;
		this.announcer = announcer;
		this.clock = clock;
		this.lease = new NodeLease(database, nodeId, options, this.environment.secureRandom());
		this.outage = new Outage(options.lease(), this.environment::nanoTime, new AtomicInteger());
		this.reads = new JdbcCalls(loops, "realtime-presence-reader", 2, READS);
		this.writer = loops.loop("realtime-presence-writer");
		this.timer = loops.loop("realtime-presence");
	}

	/**
	 * {@inheritDoc}
	 * @param listener not called: all events are published here
	 * @throws IllegalStateException when the database is away or lacks the schema
	 */
	@Override
	public void start(Listener listener) {
		if (this.started) {
			throw new IllegalStateException("Presence is already started");
		}
		try {
			boolean unused = this.lease.renew();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Presence cannot use the database: " + ex.getMessage(), ex);
		}
		this.started = true;
		this.timer.every(() -> shortened(this.options.refresh()), this::renew);
		this.timer.every(() -> shortened(this.options.pause()), this::look);
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		UserNames.check(user);
		if (!this.started || this.closed) {
			return CompletableFuture.failedStage(new IllegalStateException("Presence is not running"));
		}
		CompletionStage<Void> written = this.topics.enter(topic, user, connection);
		write();
		return written;
	}

	@Override
	public CompletionStage<Void> leave(Topic topic, String user, String connection) {
		CompletionStage<Void> written = this.topics.leave(topic, user, connection);
		write();
		return written;
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
		}
		return this.reads.submit(
				() -> this.database.read((session) -> List.copyOf(new PresenceRows(session, topic).members(limit))));
	}

	@Override
	public CompletionStage<Long> count(Topic topic) {
		return this.reads.submit(() -> this.database.read((session) -> new PresenceRows(session, topic).count()));
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
		Set<String> asked = Set.copyOf(users.stream().filter(UserNames::isLegal).toList());
		return asked.isEmpty() ? CompletableFuture.completedFuture(Set.of()) : this.reads
			.submit(() -> this.database.read((session) -> Set.copyOf(new PresenceRows(session, topic).present(asked))));
	}

	/**
	 * {@inheritDoc} Users who reconnect elsewhere within the grace period neither leave
	 * nor join; the leaves of the others are found by the other nodes. While the database
	 * is away, returns at once and leaves it to the lease.
	 */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.topics.leaveAll();
		write();
		long end = this.environment.nanoTime() + CLOSING.toNanos();
		while (!this.topics.isEmpty() && this.database.answers() && this.environment.nanoTime() - end < 0) {
			this.environment.pause(Duration.ofMillis(1));
		}
		if (!this.topics.isEmpty()) {
			logger.warn("This node closed before its members could be removed from {} topics; they are removed "
					+ "there when the node's lease expires", this.topics.size());
		}
		this.timer.close();
		this.writer.close();
		this.reads.close();
	}

	private void write() {
		this.writer.execute(this::writeNext);
	}

	/** On the writer's thread: one topic. */
	private void writeNext() {
		LocalTopics.Work work = this.topics.next(BATCH);
		if (work == null) {
			return;
		}
		boolean written = false;
		try {
			Topic topic = work.topic().topic;
			int room = this.outage.mayFindLeaves() ? BATCH : 0;
			TopicPolicy policy = PresenceTopics.hasEvents(topic) ? policy(PresenceTopics.of(topic))
					: TopicPolicy.DEFAULT;
			List<StoredPublication> events = this.database
				.write((session) -> new TopicChange(session, topic, this.options, policy, this.lease.node())
					.apply(work.batch().counts(), room, this.clock.millis()));
			written = true;
			events.forEach(this::announce);
		}
		catch (TopicChange.LeaseLostException ex) {
			this.timer.execute(this::renew);
		}
		catch (SQLException ex) {
			failed(work, ex);
		}
		finally {
			this.topics.over(work, written);
			if (written) {
				write();
			}
		}
	}

	private void failed(LocalTopics.Work work, SQLException ex) {
		if (JdbcFailure.of(ex) == JdbcFailure.AWAY) {
			this.outage.failed(ex);
			return;
		}
		long since = this.failures.add();
		if (since > 0) {
			logger.warn("Presence on {} could not be written; trying again: {} ({} times since this was last logged)",
					work.topic().topic, ex.toString(), since);
		}
	}

	private void announce(StoredPublication event) {
		try {
			this.announcer.accept(event);
		}
		catch (Throwable ex) {
			logger.debug("A presence event could not be announced and stays in the outbox", ex);
		}
	}

	/** Members must be written even if the application cannot tell a policy. */
	private TopicPolicy policy(Topic events) {
		try {
			return this.policies.of(events);
		}
		catch (Throwable ex) {
			long since = this.policyFailures.add();
			if (since > 0) {
				logger.warn("The policy of {} could not be determined; the default is used ({} times since this was "
						+ "last logged)", events, since, ex);
			}
			return TopicPolicy.DEFAULT;
		}
	}

	/** On the timer's thread. */
	private void renew() {
		try {
			if (this.lease.renew() && !this.closed) {
				logger.warn("The presence lease of this node had expired, and other nodes regarded it as dead. "
						+ "Its members are added again");
				this.topics.writeAgain();
			}
			tryAgain();
		}
		catch (SQLException ex) {
			this.outage.failed(ex);
		}
	}

	/** On the timer's thread: is the database back, and what is due in the fleet? */
	private void look() {
		if (this.closed) {
			return;
		}
		try {
			List<Topic> due = this.outage.mayFindLeaves() ? this.lease.claim() : List.of();
			if (due.isEmpty() && !this.outage.mayFindLeaves()) {
				this.database.check();
			}
			if (this.outage.succeeded() > 0) {
				renew();
			}
			this.topics.due(due);
			due.forEach((topic) -> write());
			tryAgain();
		}
		catch (SQLException ex) {
			this.outage.failed(ex);
		}
	}

	private void tryAgain() {
		this.topics.retry();
		write();
	}

	/** Pauses differ between nodes, so that they take turns. */
	private Duration shortened(Duration pause) {
		return Duration.ofNanos((long) (pause.toNanos() * this.environment.random().nextDouble(0.7, 1.0)));
	}

}
