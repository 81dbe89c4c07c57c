package dev.realtime.bench.durable;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLongArray;

import javax.sql.DataSource;

import dev.realtime.Topic;
import org.HdrHistogram.Recorder;

/**
 * The floor: the message's row alone, inserted by some threads with a connection and a
 * prepared statement each; one transaction for each message, or for a batch. The numbers
 * come from this process; there is no topic row, no outbox and no id.
 */
final class PlainInserts implements Contender {

	private static final String INSERT = "INSERT INTO realtime_message (topic, epoch, seq, message_id, published_at, "
			+ "expires_at, excluded_session, content_type, type, headers, payload) "
			+ "VALUES (?, 'bench', ?, ?, ?, 0, ?, 'application/json', ?, ?, ?)";

	private final DataSource dataSource;

	private final DurableOptions options;

	private final int connections;

	private final int batch;

	/**
	 * Makes a floor.
	 * @param batch how many messages share a transaction
	 */
	PlainInserts(DataSource dataSource, DurableOptions options, int connections, int batch) {
		this.batch = batch;
		this.dataSource = dataSource;
		this.options = options;
		this.connections = connections;
	}

	@Override
	public String name() {
		return (isBatched() ? "plain inserts, batches of " + this.batch + ", " : "plain insert, ") + this.connections
				+ ((this.connections == 1) ? " connection" : " connections");
	}

	@Override
	public boolean isBatched() {
		return this.batch > 1;
	}

	@Override
	public int before(List<Topic> topics) {
		return 0;
	}

	@Override
	public Measured measure(List<Topic> topics) throws SQLException {
		AtomicLongArray numbers = new AtomicLongArray(topics.size());
		Recorder latencies = new Recorder(Measured.LONGEST, Measured.DIGITS);
		ExecutorService threads = Executors.newFixedThreadPool(this.connections);
		try {
			Pace pace = new Pace(this.options);
			List<CompletableFuture<Long>> all = new ArrayList<>();
			for (int i = 0; i < this.connections; i++) {
				all.add(CompletableFuture.supplyAsync(() -> insert(topics, numbers, pace, latencies), threads));
			}
			long inserted = all.stream().mapToLong(CompletableFuture::join).sum();
			return new Measured(inserted, pace.elapsed(), latencies.getIntervalHistogram());
		}
		finally {
			threads.shutdown();
		}
	}

	private long insert(List<Topic> topics, AtomicLongArray numbers, Pace pace, Recorder latencies) {
		byte[] payload = "x".repeat(this.options.payload()).getBytes(StandardCharsets.US_ASCII);
		long inserted = 0;
		List<Long> waiting = new ArrayList<>(this.batch);
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement insert = connection.prepareStatement(INSERT)) {
			connection.setAutoCommit(!isBatched());
			for (long next = pace.next(); next != Pace.OVER; next = pace.next()) {
				waiting.add(pace.dueNanos(next));
				int topic = (int) (next % topics.size());
				insert.setString(1, topics.get(topic).name());
				insert.setLong(2, numbers.incrementAndGet(topic));
				insert.setLong(4, System.currentTimeMillis());
				for (int empty : new int[] { 3, 5, 6, 7 }) {
					insert.setNull(empty, Types.VARCHAR);
				}
				insert.setBytes(8, payload);
				insert.addBatch();
				if (waiting.size() >= this.batch) {
					inserted += store(connection, insert, waiting, latencies);
				}
			}
			inserted += store(connection, insert, waiting, latencies);
			connection.setAutoCommit(true);
			return inserted;
		}
		catch (SQLException ex) {
			throw new CompletionException(ex);
		}
	}

	private static int store(Connection connection, PreparedStatement insert, List<Long> waiting, Recorder latencies)
			throws SQLException {
		insert.executeBatch();
		if (!connection.getAutoCommit()) {
			connection.commit();
		}
		long now = System.nanoTime();
		waiting.forEach((due) -> latencies.recordValue(Math.min(Measured.LONGEST, now - due)));
		int stored = waiting.size();
		waiting.clear();
		return stored;
	}

}
