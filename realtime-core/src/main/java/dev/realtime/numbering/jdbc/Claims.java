package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

import dev.realtime.jdbc.JdbcDialect;
import dev.realtime.jdbc.JdbcFailure;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.MessageLocation;

import org.jspecify.annotations.Nullable;

/**
 * Who a number belongs to, in one session: whoever inserts the row with its key, be it a
 * message or void. Inserting waits for a transaction that has inserted the same key and
 * is still open. A row is not claimed again after it was trimmed, because numbers up to
 * the topic's head are never claimed: see {@link JdbcNumberedStore}.
 */
final class Claims {

	private static final String INTO = "realtime_message (" + MessageRows.COLUMNS + ", sender, sender_count)";

	private static final String KEY = "topic = ? AND epoch = ? AND seq = ?";

	private final JdbcSession session;

	Claims(JdbcSession session) {
		this.session = session;
	}

	/**
	 * Inserts messages.
	 * @return false when a number belongs to somebody else: then the transaction is as
	 * usable as before, and some of the messages may be inserted
	 */
	boolean claim(List<MessageRows.Sent> messages) throws SQLException {
		return insertAll(messages.stream().map(MessageRows::row).toList());
	}

	/** Inserts a void number, or answers false when it belongs to somebody else. */
	boolean claimVoid(MessageLocation place, long now) throws SQLException {
		return insertAll(List.<@Nullable Object[]>of(empty(place, now)));
	}

	/** Makes those numbers void that belong to nobody. */
	void claimFree(Collection<MessageLocation> places, long now) throws SQLException {
		insertMissing(this.session, INTO, places.stream().map((place) -> empty(place, now)).toList());
	}

	/** Makes messages void that this transaction has inserted. */
	void giveUp(Collection<MessageLocation> own) throws SQLException {
		this.session.batch(
				"UPDATE realtime_message SET expires_at = " + MessageRows.VOID
						+ ", message_id = NULL, excluded_session = NULL, content_type = '', type = NULL, "
						+ "headers = NULL, sender = NULL, payload = ? WHERE " + KEY,
				own.stream()
					.map((place) -> new @Nullable Object[] { new byte[0], place.topic().name(),
							place.position().epoch(), place.position().seq() })
					.toList());
	}

	/** Takes back a row that this transaction has inserted. */
	void withdraw(MessageLocation own) throws SQLException {
		this.session.update("DELETE FROM realtime_message WHERE " + KEY, own.key());
	}

	/** Inserts those rows whose key is free, and answers how many. */
	static int insertMissing(JdbcSession session, String into, List<@Nullable Object[]> rows) throws SQLException {
		return switch (session.dialect().family()) {
			case POSTGRESQL -> session.insert("INSERT INTO ", into, " ON CONFLICT DO NOTHING", rows);
			case MYSQL -> session.insert("INSERT IGNORE INTO ", into, "", rows);
			case H2 -> insertEach(session, into, rows);
		};
	}

	private static int insertEach(JdbcSession session, String into, List<@Nullable Object[]> rows) throws SQLException {
		int inserted = 0;
		for (@Nullable
		Object[] row : rows) {
			try {
				session.insert(into, List.<@Nullable Object[]>of(row));
				inserted++;
			}
			catch (SQLException ex) {
				if (!JdbcFailure.isDuplicate(ex)) {
					throw ex;
				}
			}
		}
		return inserted;
	}

	private boolean insertAll(List<@Nullable Object[]> rows) throws SQLException {
		if (this.session.dialect().family() == JdbcDialect.Family.POSTGRESQL) {
			// a statement that fails would cost the whole transaction
			return this.session.insert("INSERT INTO ", INTO, " ON CONFLICT (topic, epoch, seq) DO NOTHING",
					rows) == rows.size();
		}
		try {
			this.session.insert(INTO, rows);
			return true;
		}
		catch (SQLException ex) {
			if (JdbcFailure.isDuplicate(ex)) {
				return false;
			}
			throw ex;
		}
	}

	private static @Nullable Object[] empty(MessageLocation place, long now) {
		return new @Nullable Object[] { place.topic().name(), place.position().epoch(), place.position().seq(), null,
				now, MessageRows.VOID, null, "", null, null, new byte[0], null, 0L };
	}

}
