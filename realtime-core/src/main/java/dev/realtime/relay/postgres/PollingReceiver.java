package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.jdbc.JdbcDatabase;

/**
 * Reads the table {@code realtime_relay}, which nodes write while one of them reads it. A
 * row may be committed after one with a higher id, so rows are looked for again for two
 * seconds. For one thread.
 */
final class PollingReceiver implements NoticeReceiver {

	private static final int LIMIT = 1_000;

	private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final String REGISTER = "INSERT INTO realtime_relay_reader (node, reads_until) VALUES (?, "
			+ "clock_timestamp() + INTERVAL '20 seconds') ON CONFLICT (node) DO UPDATE SET reads_until = "
			+ "EXCLUDED.reads_until";

	private static final String READ = "SELECT id, payload FROM realtime_relay WHERE id > ? ORDER BY id LIMIT " + LIMIT;

	private static final String SWEEP = "DELETE FROM realtime_relay WHERE id IN (SELECT id FROM realtime_relay WHERE "
			+ "sent_at < clock_timestamp() - INTERVAL '30 seconds' ORDER BY sent_at LIMIT 10000 FOR UPDATE SKIP LOCKED)";

	private static final String FORGET = "DELETE FROM realtime_relay_reader WHERE reads_until < clock_timestamp()";

	private final JdbcDatabase database;

	private final String node;

	/** The rows above the floor that have been seen, by when. */
	private final Map<Long, Long> seen = new LinkedHashMap<>();

	private long floor;

	private long renewedNanos;

	private long sweptNanos;

	private PollingReceiver(JdbcDatabase database, String node) {
		this.database = database;
		this.node = node;
	}

	/** Begins behind what is there now. */
	static PollingReceiver open(JdbcDatabase database, String node) throws SQLException {
		PollingReceiver ear = new PollingReceiver(database, node);
		ear.register();
		ear.sweptNanos = database.environment().nanoTime();
		ear.floor = database.read(
				(session) -> session.query("SELECT COALESCE(MAX(id), 0) FROM realtime_relay", (row) -> row.getLong(1)))
			.get(0);
		return ear;
	}

	@Override
	public List<String> hear(Duration patience) throws SQLException {
		long now = this.database.environment().nanoTime();
		if (now - this.renewedNanos > RENEW_NANOS) {
			register();
		}
		List<String> payloads = new ArrayList<>();
		long from = this.floor;
		for (boolean more = true; more;) {
			long after = from;
			List<Row> rows = this.database
				.read((session) -> session.query(READ, (row) -> new Row(row.getLong(1), row.getString(2)), after));
			for (Row row : rows) {
				if (this.seen.putIfAbsent(row.id, now) == null) {
					payloads.add(row.payload);
				}
				from = row.id;
			}
			more = rows.size() == LIMIT;
		}
		raiseFloor(now);
		if (now - this.sweptNanos > SWEEP_NANOS) {
			this.sweptNanos = now;
			int unused = this.database.read((session) -> session.update(FORGET) + session.update(SWEEP));
		}
		return payloads;
	}

	@Override
	public void close() {
		// the entry among the readers ends by itself
	}

	private void register() throws SQLException {
		this.renewedNanos = this.database.environment().nanoTime();
		int unused = this.database.read((session) -> session.update(REGISTER, this.node));
	}

	private void raiseFloor(long now) {
		this.seen.entrySet().removeIf((each) -> {
			boolean settled = now - each.getValue() > LATE_NANOS;
			if (settled) {
				this.floor = Math.max(this.floor, each.getKey());
			}
			return settled;
		});
	}

	private record Row(long id, String payload) {
	}

}
