package dev.realtime.spring.ticket;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tickets in the table {@code realtime_ticket} of a PostgreSQL: the user until the
 * ticket is taken, and nothing from then to the end of its time. Times are those of the
 * database's clock.
 */
final class JdbcTicketStore implements TicketStore {

	private static final long SWEEP_EVERY = 100;

	private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

	private static final String PUT = "INSERT INTO realtime_ticket (digest, ticket_user, ends_at) VALUES (?, ?, " + NOW
			+ " + ?) ON CONFLICT (digest) DO UPDATE SET ticket_user = EXCLUDED.ticket_user, ends_at = EXCLUDED.ends_at";

	/** A row that is locked is being taken: whoever waits for it finds nothing. */
	private static final String TAKE = "WITH found AS (SELECT digest, ticket_user FROM realtime_ticket WHERE digest = ? "
			+ "AND ticket_user IS NOT NULL AND ends_at > " + NOW
			+ " FOR UPDATE) UPDATE realtime_ticket t SET ticket_user "
			+ "= NULL FROM found WHERE t.digest = found.digest RETURNING found.ticket_user";

	private static final String TAKEN = "SELECT 1 FROM realtime_ticket WHERE digest = ? AND ticket_user IS NULL AND "
			+ "ends_at > " + NOW;

	private static final String SWEEP = "DELETE FROM realtime_ticket WHERE digest IN (SELECT digest FROM realtime_ticket "
			+ "WHERE ends_at <= " + NOW + " ORDER BY ends_at LIMIT 1000 FOR UPDATE SKIP LOCKED)";

	private final JdbcDatabase database;

	private final AtomicLong puts = new AtomicLong();

	JdbcTicketStore(JdbcDatabase database) {
		this.database = database;
	}

	@Override
	public boolean put(String key, String value, Duration time) {
		return run(() -> {
			if (this.puts.getAndIncrement() % SWEEP_EVERY == 0) {
				int unused = this.database.read((session) -> session.update(SWEEP));
			}
			return this.database
				.read((session) -> session.update(PUT, key, EscapedText.write(value), time.toMillis())) == 1;
		});
	}

	@Override
	public @Nullable String take(String key) {
		List<String> taken = run(
				() -> this.database.read((session) -> session.query(TAKE, (row) -> row.getString(1), key)));
		return Optional.ofNullable(taken.isEmpty() ? null : taken.get(0)).map(EscapedText::read).orElse(null);
	}

	@Override
	public boolean wasTaken(String key) {
		return run(() -> !this.database.read((session) -> session.query(TAKEN, (row) -> true, key)).isEmpty());
	}

	private static <T> T run(Work<T> work) {
		try {
			return work.run();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Tickets cannot be stored: " + ex.getMessage(), ex);
		}
	}

	private interface Work<T> {

		T run() throws SQLException;

	}

}
