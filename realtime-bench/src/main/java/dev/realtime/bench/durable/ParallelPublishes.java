package dev.realtime.bench.durable;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.TopicCounter;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Some publishers on one topic, each in a closed loop of its own: with a transaction for
 * each publication, or without. Numbers are those of a counter, or of the log. Two
 * latencies: from the beginning of the transaction to its commit, and to the
 * announcement.
 */
final class ParallelPublishes {

	private static final TopicPolicy POLICY = TopicPolicy.builder().history(1_000_000, Duration.ofHours(24)).build();

	private static final int PATIENCE_SECONDS = 60;

	/** Digits of the time at the beginning of a payload. */
	private static final int STAMP = 20;

	private static final String FILL = "x".repeat(108);

	private final DataSource dataSource;

	private final Tables tables;

	private final NumberingOptions options;

	/** Null where the log numbers. */
	private final @Nullable TopicCounter counter;

	private final boolean transactions;

	ParallelPublishes(DataSource dataSource, Tables tables, NumberingOptions options, @Nullable TopicCounter counter,
			boolean transactions) {
		this.dataSource = dataSource;
		this.tables = tables;
		this.options = options;
		this.counter = counter;
		this.transactions = transactions;
	}

	String name() {
		return ((this.counter != null) ? "counter" : "log") + (this.transactions ? ", transactions" : "");
	}

	/** Empties the tables, publishes, and counts what they hold. */
	Measured measure(Topic topic, int publishers) throws SQLException {
		this.tables.empty();
		Recorder announced = new Recorder(Measured.LONGEST, Measured.DIGITS);
		JdbcBroker broker = new JdbcBroker(this.dataSource, new LoopbackRelay(), this.counter,
				JdbcBrokerOptions.DEFAULT, Clock.systemUTC(), new Loops());
		ExecutorService threads = Executors.newFixedThreadPool(publishers);
		try {
			broker.start(new Announced(announced));
			broker.subscribe(topic).toCompletableFuture().join();
			broker.publish(publication(topic), POLICY).toCompletableFuture().join();
			announced.reset();
			Recorder committed = new Recorder(Measured.LONGEST, Measured.DIGITS);
			Pace pace = new Pace(this.options.seconds(), 0);
			List<CompletableFuture<Long>> all = new ArrayList<>();
			for (int i = 0; i < publishers; i++) {
				all.add(CompletableFuture.supplyAsync(() -> publish(broker, topic, pace, committed), threads));
			}
			long published = all.stream().mapToLong(CompletableFuture::join).sum();
			long elapsed = pace.elapsed();
			this.tables.awaitAnnounced(PATIENCE_SECONDS);
			this.tables.verify(published + 1);
			return new Measured(published, elapsed, committed.getIntervalHistogram(), announced.getIntervalHistogram());
		}
		finally {
			threads.shutdown();
			broker.close();
		}
	}

	private long publish(JdbcBroker broker, Topic topic, Pace pace, Recorder committed) {
		long published = 0;
		try {
			while (pace.next() != Pace.OVER) {
				long begun = System.nanoTime();
				if (this.transactions) {
					inTransaction(broker, publication(topic));
				}
				else {
					broker.publish(publication(topic), POLICY).toCompletableFuture().join();
				}
				committed.recordValue(Math.min(Measured.LONGEST, System.nanoTime() - begun));
				published++;
			}
			return published;
		}
		catch (SQLException ex) {
			throw new CompletionException(ex);
		}
	}

	private void inTransaction(JdbcBroker broker, Publication publication) throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			StoredPublication stored = broker.publishIn(connection, publication, POLICY);
			if (this.options.holdMillis() > 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.options.holdMillis()));
			}
			connection.commit();
			connection.setAutoCommit(true);
			broker.announceCommitted(stored);
		}
	}

	/** Carries the time at which it was made. */
	private static Publication publication(Topic topic) {
		byte[] payload = String.format("%0" + STAMP + "d%s", System.nanoTime(), FILL)
			.getBytes(StandardCharsets.US_ASCII);
		return Publication.of(topic, Content.of(payload, Content.JSON, null, Map.of()));
	}

	/** Records how long each message took until it was announced. */
	private record Announced(Recorder latencies) implements Relay.Listener {

		@Override
		public void onMessage(TopicMessage message) {
			byte[] payload = new byte[STAMP];
			message.content().payload().get(payload);
			long begun = Long.parseLong(new String(payload, StandardCharsets.US_ASCII));
			this.latencies.recordValue(Math.min(Measured.LONGEST, System.nanoTime() - begun));
		}

		@Override
		public void onSignal(Signal signal) {
			// none is sent
		}

		@Override
		public void onReconnected() {
			// there is nothing to repair
		}

	}

}
