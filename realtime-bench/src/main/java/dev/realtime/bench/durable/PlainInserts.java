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
 * The floor: the message's row alone, one INSERT and one transaction for each, by some
 * threads with a connection and a prepared statement each. Nobody numbers, so the numbers
 * come from this process; there is no topic row, no outbox and no id.
 */
final class PlainInserts implements Contender {

	private static final String INSERT = "INSERT INTO realtime_message (topic, epoch, seq, message_id, published_at, "
			+ "expires_at, excluded_session, content_type, type, headers, payload) "
			+ "VALUES (?, 'bench', ?, ?, ?, 0, ?, 'application/json', ?, ?, ?)";

	private final DataSource dataSource;

	private final DurableOptions options;

	private final int connections;

	PlainInserts(DataSource dataSource, DurableOptions options, int connections) {
		this.dataSource = dataSource;
		this.options = options;
		this.connections = connections;
	}

	@Override
	public String name() {
		return "plain insert, " + this.connections + ((this.connections == 1) ? " connection" : " connections");
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
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement insert = connection.prepareStatement(INSERT)) {
			for (long next = pace.next(); next != Pace.OVER; next = pace.next()) {
				long due = pace.dueNanos(next);
				int topic = (int) (next % topics.size());
				insert.setString(1, topics.get(topic).name());
				insert.setLong(2, numbers.incrementAndGet(topic));
				insert.setLong(4, System.currentTimeMillis());
				for (int empty : new int[] { 3, 5, 6, 7 }) {
					insert.setNull(empty, Types.VARCHAR);
				}
				insert.setBytes(8, payload);
				insert.executeUpdate();
				latencies.recordValue(Math.min(Measured.LONGEST, System.nanoTime() - due));
				inserted++;
			}
			return inserted;
		}
		catch (SQLException ex) {
			throw new CompletionException(ex);
		}
	}

}
