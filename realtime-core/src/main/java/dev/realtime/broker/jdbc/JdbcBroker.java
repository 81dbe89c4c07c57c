package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import javax.sql.DataSource;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.RelayedBroker;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.TopicLog;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.JdbcTopicLog;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loops;
import dev.realtime.numbering.jdbc.CounterNumbering;
import dev.realtime.relay.Relay;
import dev.realtime.relay.TopicTransport;
import dev.realtime.sequence.SequenceService;
import dev.realtime.sequence.TopicCounter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable broker: number, message and outbox row are one transaction in the
 * application's own database; then the message is announced. If the node dies between the
 * two, another one announces it.
 * <p>
 * {@link #publish} queues, and writer threads store what waits in batches.
 * {@link #publishIn} is for a transaction of the caller's: the message is published if
 * and only if that commits. Many brokers may share a database; together they are a fleet
 * if their relays are.
 */
public final class JdbcBroker extends RelayedBroker {

	private static final Logger logger = LoggerFactory.getLogger(JdbcBroker.class);

	private final JdbcDatabase database;

	private final Relay relay;

	private final Clock clock;

	private final JdbcCalls calls;

	private final JdbcTopicLog log;

	private final SequenceService sequence;

	private final Announcer announcer;

	private final Housekeeper housekeeper;

	private final Ingest ingest;

	private final DeadLetters deadLetters;

	/** Null where the log numbers. */
	private final @Nullable CounterNumbering counted;

	private final LogThrottle untrimmed;

	private volatile boolean open;

	/**
	 * A broker whose log numbers: publications on one topic wait for each other's commit,
	 * and their numbers have no holes.
	 * @param dataSource a pool whose connections take a few seconds at most to get; it
	 * stays the caller's to close, after this broker
	 * @param relay carries announcements; started and closed with this broker
	 * @param clock gives timestamps, and tells what is too old; nodes' clocks should
	 * agree to less than the outbox's grace
	 * @param loops makes the broker's threads
	 */
	public JdbcBroker(DataSource dataSource, Relay relay, JdbcBrokerOptions options, Clock clock, Loops loops) {
		this(dataSource, relay, null, options, clock, loops);
	}

	/**
	 * A broker that is not started; touches nothing yet.
	 * @param dataSource a pool whose connections take a few seconds at most to get; it
	 * stays the caller's to close, after this broker
	 * @param relay carries announcements; started and closed with this broker
	 * @param clock gives timestamps, and tells what is too old; nodes' clocks should
	 * agree to less than the outbox's grace
	 * @param counter numbers, so that many transactions can publish on one topic at the
	 * same time; while it is away the log numbers. All brokers of a database have one,
	 * and the same, or none. With null the log numbers
	 * @param loops makes the broker's threads
	 */
	public JdbcBroker(DataSource dataSource, Relay relay, @Nullable TopicCounter counter, JdbcBrokerOptions options,
			Clock clock, Loops loops) {
		this.database = new JdbcDatabase(dataSource, options.statementTimeout(), loops.environment());
		this.untrimmed = new LogThrottle(loops.environment());
		this.relay = relay;
		this.clock = clock;
		this.calls = new JdbcCalls(loops, "realtime-jdbc-reader", options.readers(), options.readQueue());
		this.announcer = new Announcer(relay, loops.environment());
		this.deadLetters = new DeadLetters(this.database, this.calls, this.announcer, this::storeIn,
				this::announceCommitted);
		CounterNumbering byCounter = (counter != null) ? new CounterNumbering(this.database, this.calls, counter,
				this.announcer::announce, this::trimSoon, clock, options.holeGrace(), loops) : null;
		this.counted = byCounter;
		if (byCounter != null) {
			this.log = new JdbcTopicLog(this.database, this.calls, clock, byCounter::moves);
			this.sequence = byCounter.sequence();
			this.housekeeper = new Housekeeper(this.database, this.announcer, relay, clock, options, byCounter::settle,
					loops);
			this.ingest = new Ingest(options,
					new BatchStore(this.database, (entries, wait) -> byCounter.store(entries), clock), this::stored,
					loops);
		}
		else {
			this.log = new JdbcTopicLog(this.database, this.calls, clock);
			this.sequence = new JdbcSequence(this.database, this.calls, clock);
			this.housekeeper = new Housekeeper(this.database, this.announcer, relay, clock, options, (topics) -> topics,
					loops);
			this.ingest = new Ingest(options, new BatchStore(this.database, new LogStore(this.database, clock), clock),
					this::stored, loops);
		}
	}

	/**
	 * Looks whether the database is there and has the schema, starts the relay and the
	 * threads; blocks until then.
	 * @throws DatabaseUnusableException when the database is away or lacks the schema
	 * @throws IllegalStateException when it is none that is supported
	 */
	@Override
	public void start(Relay.Listener listener) {
		start(() -> this.relay.start(listener));
	}

	/**
	 * As {@link #start}, without the relay's subscriptions. Takes its part in the
	 * outbox's work all the same.
	 */
	@Override
	public void startPublishing() {
		start(this.relay::startAnnouncing);
	}

	private void start(Runnable relay) {
		try {
			this.database.check();
		}
		catch (SQLException ex) {
			throw new DatabaseUnusableException(ex);
		}
		relay.run();
		this.housekeeper.start();
		if (this.counted != null) {
			this.counted.start();
		}
		this.open = true;
	}

	/**
	 * Queues; never blocks. Fails at once while the database is known to be away; whether
	 * it is back is looked at with every poll of the outbox.
	 * @throws IllegalArgumentException when a part is longer than the log can hold
	 */
	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		JdbcStore.Entry entry = new JdbcStore.Entry(publication, policy);
		if (!this.open) {
			return CompletableFuture.failedFuture(notOpen(publication.topic()));
		}
		if (!this.database.answers()) {
			return CompletableFuture.failedFuture(PublishException.refused(publication.topic(), BatchStore.AWAY, null));
		}
		return this.ingest.offer(entry);
	}

	/**
	 * Publishes in a transaction of the caller's, on the caller's thread; blocks for a
	 * few statements, and for others who publish on the same topic until they commit.
	 * From then on others wait for this transaction: keep it short, and publish late in
	 * it. Where a counter numbers nobody waits for anybody, except readers, who get what
	 * has later numbers after this transaction; one that is not READ COMMITTED then takes
	 * a second connection for a moment. With PostgreSQL it must be READ COMMITTED, or may
	 * fail when others publish on the topic.
	 * @param connection its transaction is neither committed nor rolled back here
	 * @return to be given to {@link #announceCommitted} right after the commit; if that
	 * never happens another node announces the message. Its receipt is true once the
	 * transaction is committed; after a rollback there is no message, and its number is
	 * given to the next one, or to be {@link #abandon abandoned} where a counter numbers
	 * @throws PublishException when it could not be stored; the transaction must then be
	 * rolled back
	 * @throws IllegalStateException when the connection commits each statement by itself
	 * @throws IllegalArgumentException when a part is longer than the log can hold
	 */
	public StoredPublication publishIn(Connection connection, Publication publication, TopicPolicy policy) {
		Topic topic = publication.topic();
		JdbcStore.Entry entry = new JdbcStore.Entry(publication, policy);
		if (!this.open) {
			throw notOpen(topic);
		}
		try {
			if (connection.getAutoCommit()) {
				throw new IllegalStateException("The connection is not in a transaction: auto-commit is on");
			}
			return storeIn(this.database.session(connection), entry);
		}
		catch (SQLException ex) {
			throw PublishException.refused(topic, "roll the transaction back: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Announces what {@link #publishIn} stored; never blocks. Only after the commit: a
	 * subscriber would otherwise get what does not exist.
	 */
	public void announceCommitted(StoredPublication stored) {
		if (this.counted != null) {
			this.counted.committed(stored);
			return;
		}
		if (stored.message() != null) {
			this.announcer.announce(stored.message());
		}
		if (stored.trimDue()) {
			this.housekeeper.trimSoon(stored.receipt().topic(), stored.policy());
		}
	}

	/**
	 * Tells that a transaction of {@link #publishIn} was rolled back; never blocks. Where
	 * a counter numbers, readers need then not wait for its number; without this call
	 * they wait for the hole's grace. Does nothing where the transaction did commit.
	 */
	public void abandon(StoredPublication stored) {
		if (this.counted != null && stored.message() != null) {
			this.counted.abandon(List.of(MessageLocation.of(stored.message())));
		}
	}

	@Override
	protected TopicTransport transport() {
		return this.relay;
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		return this.sequence;
	}

	/** What was given up. */
	public DeadLetters deadLetters() {
		return this.deadLetters;
	}

	/** What waited to be announced, and was given up, a few seconds ago at most. */
	public OutboxStats outbox() {
		return this.housekeeper.stats();
	}

	/** How many publications wait to be stored. */
	public int waiting() {
		return this.ingest.waiting();
	}

	@Override
	public boolean isConnected() {
		return this.open && this.database.answers() && this.relay.isConnected();
	}

	@Override
	public @Nullable String problem() {
		return this.relay.problem();
	}

	/**
	 * Stores what waits as far as that is done within 2 s; the rest fails: refused where
	 * nothing was stored, with an unknown outcome where the database was at work.
	 */
	@Override
	public void close() {
		this.open = false;
		this.ingest.close();
		if (this.counted != null) {
			this.counted.close();
		}
		this.housekeeper.close();
		this.relay.close();
		this.calls.close();
	}

	/** On the thread that stored them. */
	private void stored(List<StoredPublication> publications) {
		Map<Topic, TopicPolicy> due = new HashMap<>();
		for (StoredPublication each : publications) {
			if (each.message() != null) {
				this.announcer.announce(each.message());
			}
			if (each.trimDue()) {
				due.put(each.receipt().topic(), each.policy());
			}
		}
		due.forEach((topic, policy) -> {
			try {
				this.housekeeper.trim(topic, policy);
			}
			catch (SQLException | RuntimeException ex) {
				long times = this.untrimmed.add();
				if (times > 0) {
					logger.warn(
							"Old messages of topic \"{}\" could not be deleted; the next publication on it tries again "
									+ "({} times since this was last logged): {}",
							topic, times, ex.toString());
				}
			}
		});
	}

	private void trimSoon(Topic topic, TopicPolicy policy) {
		this.housekeeper.trimSoon(topic, policy);
	}

	private StoredPublication storeIn(JdbcSession session, JdbcStore.Entry entry) throws SQLException {
		return (this.counted != null) ? this.counted.storeIn(session, entry)
				: JdbcStore.storeOne(session, entry, this.clock.millis());
	}

	private static PublishException notOpen(Topic topic) {
		return PublishException.refused(topic, "the broker is not started or is closed", null);
	}

}
