package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.relay.RelayAgreement;
import org.jspecify.annotations.Nullable;

/** The one row of the table {@code realtime_fleet}. */
public final class JdbcRelayAgreement implements RelayAgreement.Store {

	private static final String FIRST = "INSERT INTO realtime_fleet (id, relay, moving_from) VALUES (1, ?, ?) "
			+ "ON CONFLICT (id) DO NOTHING";

	private static final String LOCK = "SELECT relay, moving_from FROM realtime_fleet WHERE id = 1 FOR UPDATE";

	private static final String UPDATE = "UPDATE realtime_fleet SET relay = ?, moving_from = ? WHERE id = 1";

	private final JdbcDatabase database;

	/**
	 * The row of a database.
	 * @param database one that has the schema
	 */
	public JdbcRelayAgreement(JdbcDatabase database) {
		this.database = database;
	}

	/**
	 * {@inheritDoc}
	 * @throws IllegalStateException when the database is away or lacks the table
	 */
	@Override
	public RelayAgreement replace(@Nullable RelayAgreement known, RelayAgreement next) {
		try {
			return this.database.write((session) -> replace(session, known, next));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(
					"The relay of the fleet could not be read from the database: " + ex.getMessage(), ex);
		}
	}

	private static RelayAgreement replace(JdbcSession session, @Nullable RelayAgreement known, RelayAgreement next)
			throws SQLException {
		if (known == null && session.update(FIRST, next.relay(), next.movingFrom()) == 1) {
			return next;
		}
		List<RelayAgreement> rows = session.query(LOCK,
				(row) -> new RelayAgreement(row.getString(1), row.getString(2)));
		if (rows.isEmpty()) {
			session.update(FIRST, next.relay(), next.movingFrom());
			return next;
		}
		RelayAgreement now = rows.get(0);
		if (!Objects.equals(now, known)) {
			return now;
		}
		session.update(UPDATE, next.relay(), next.movingFrom());
		return next;
	}

}
