package dev.realtime.bench.durable;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * The durable broker: one thread publishes, with a bound on what has no receipt yet. A
 * receipt means committed. Everything is kept, so that it stores as much as plain inserts
 * do; nobody subscribes.
 */
final class BrokerPublishes implements Contender {

	private static final TopicPolicy POLICY = TopicPolicy.builder().history(1_000_000, Duration.ofHours(24)).build();

	private static final int PATIENCE_SECONDS = 60;

	private final String name;

	private final DataSource dataSource;

	private final Tables tables;

	private final DurableOptions options;

	private final JdbcBrokerOptions brokerOptions;

	BrokerPublishes(String name, DataSource dataSource, Tables tables, DurableOptions options,
			JdbcBrokerOptions brokerOptions) {
		this.name = name;
		this.dataSource = dataSource;
		this.tables = tables;
		this.options = options;
		this.brokerOptions = brokerOptions;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public boolean isBatched() {
		return this.brokerOptions.batchSize() > 1;
	}

	/** One on each: a topic's row is made once in its life. */
	@Override
	public int before(List<Topic> topics) {
		return topics.size();
	}

	@Override
	public Measured measure(List<Topic> topics) throws SQLException {
		Broker broker = new JdbcBroker(this.dataSource, new LoopbackRelay(), this.brokerOptions, Clock.systemUTC(),
				new Loops());
		try {
			broker.start(new Nobody());
			Measured measured = publish(broker, topics);
			// it goes on emptying the outbox, which is the next turn's load otherwise
			this.tables.awaitAnnounced(PATIENCE_SECONDS);
			return measured;
		}
		finally {
			broker.close();
		}
	}

	private Measured publish(Broker broker, List<Topic> topics) {
		List<Publication> publications = topics.stream().map(this::publication).toList();
		publications.forEach((each) -> broker.publish(each, POLICY).toCompletableFuture().join());
		Recorder latencies = new Recorder(Measured.LONGEST, Measured.DIGITS);
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		Semaphore inFlight = new Semaphore(this.options.inFlight());
		Pace pace = new Pace(this.options);
		long published = 0;
		for (long next = pace.next(); next != Pace.OVER; next = pace.next()) {
			long due = pace.dueNanos(next);
			inFlight.acquireUninterruptibly();
			published++;
			var unused = broker.publish(publications.get((int) (next % publications.size())), POLICY)
				.whenComplete((receipt, error) -> {
					latencies.recordValue(Math.min(Measured.LONGEST, System.nanoTime() - due));
					if (error != null) {
						failure.compareAndSet(null, error);
					}
					inFlight.release();
				});
		}
		awaitReceipts(inFlight);
		Throwable first = failure.get();
		if (first != null) {
			throw new IllegalStateException("A publication was not stored: " + first.getMessage(), first);
		}
		return new Measured(published, pace.elapsed(), latencies.getIntervalHistogram());
	}

	private void awaitReceipts(Semaphore inFlight) {
		try {
			if (!inFlight.tryAcquire(this.options.inFlight(), PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("No receipt within " + PATIENCE_SECONDS + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while receipts were outstanding", ex);
		}
	}

	private Publication publication(Topic topic) {
		byte[] payload = "x".repeat(this.options.payload()).getBytes(StandardCharsets.US_ASCII);
		return Publication.of(topic, Content.of(payload, Content.JSON, null, Map.of()));
	}

	/** Who hears what is announced. */
	private static final class Nobody implements Relay.Listener {

		@Override
		public void onMessage(TopicMessage message) {
			// nobody subscribes
		}

		@Override
		public void onSignal(Signal signal) {
			// nobody subscribes
		}

		@Override
		public void onReconnected() {
			// there is nothing to repair
		}

	}

}
