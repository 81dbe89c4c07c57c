package dev.realtime.log.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcDialect;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.jdbc.TransactionEnds;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and stores one publication with one statement, and so with one round trip,
 * where the database has such a statement. It does what {@link JdbcStore} does with
 * several: it locks and updates the topic's row, and inserts the message, its outbox row,
 * its id and its sender's count. What needs a second look is left to those: a topic
 * without a row or with a locked one, and an id that is remembered.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
final class SingleStore {

	/** The statement holds the lock after its first turn, so a second one is enough. */
	private static final int TURNS = 2;

	private SingleStore() {
	}

	/**
	 * Stores a publication.
	 * @param wait whether to wait for the topic's row if it is locked; false only where
	 * the database passes over locked rows
	 * @param now in milliseconds since 1970
	 * @return null when nothing was stored, and the transaction goes on
	 * @throws SQLException when the transaction must be rolled back
	 */
	static @Nullable StoredPublication store(JdbcSession session, JdbcStore.Entry entry, boolean wait, long now)
			throws SQLException {
		Publication publication = entry.publication();
		TransactionEnds ends = session.ends();
		NamedStatement statement = statement(session.dialect(),
				new Shape(wait, publication.id() != null, publication.sender() != null, ends));
		if (statement == null) {
			return null;
		}
		@Nullable Object[] parameters = statement.parameters(values(entry, now));
		for (int turn = 0; turn < TURNS; turn++) {
			Numbered numbered = session.store(ends, statement.sql(), Numbered::read, Numbered::isStored, parameters);
			if (numbered != null && numbered.epoch != null) {
				return stored(entry, numbered, new Position(numbered.epoch, numbered.seq), now);
			}
			if (numbered == null || !numbered.overtaken) {
				return null;
			}
		}
		return null;
	}

	/**
	 * The statement that numbers and stores one publication, or null where the database
	 * has none. Its result has at most one row: epoch, number, how many messages are kept
	 * since, when the first of them was published, and whether it was overtaken. One that
	 * does not wait is for databases that pass over locked rows only.
	 */
	private static @Nullable NamedStatement statement(JdbcDialect dialect, Shape shape) {
		if (dialect.family() == JdbcDialect.Family.POSTGRESQL) {
			return PostgresqlSingle.of(shape);
		}
		return dialect.compound() ? MariadbSingle.of(shape) : null;
	}

	private static StoredPublication stored(JdbcStore.Entry entry, Numbered numbered, Position position, long now) {
		Publication publication = entry.publication();
		TopicMessage message = new TopicMessage(publication.topic(), position, now, publication.id(),
				publication.content(), publication.excludedSession(), expiresAt(publication, now));
		return new StoredPublication(new PublishReceipt(publication.topic(), position, now, false), message,
				entry.policy(), TopicRow.isTrimDue(numbered.kept, numbered.firstAt, entry.policy(), now));
	}

	private static Map<String, @Nullable Object> values(JdbcStore.Entry entry, long now) {
		Publication publication = entry.publication();
		Content content = publication.content();
		Map<String, @Nullable Object> values = new HashMap<>();
		values.put("topic", publication.topic().name());
		values.put("now", now);
		values.put("history", entry.policy().historyTime().toMillis());
		values.put("over", now + entry.policy().historyTime().toMillis());
		values.put("id", EscapedText.write(publication.id()));
		if (publication.id() != null) {
			values.put("key", RememberedIds.key(publication).column());
			values.put("until", now + entry.policy().idempotencyWindow().toMillis());
		}
		values.put("expires", expiresAt(publication, now));
		values.put("excluded", EscapedText.write(publication.excludedSession()));
		values.put("content_type", EscapedText.write(content.contentType()));
		values.put("type", EscapedText.write(content.type()));
		values.put("headers", EscapedText.writeHeaders(content.storedHeaders()));
		values.put("payload", MessageRows.bytes(content));
		values.put("sender", EscapedText.write(publication.sender()));
		return values;
	}

	private static long expiresAt(Publication publication, long now) {
		return (publication.timeToLive() != null) ? now + publication.timeToLive().toMillis() : 0;
	}

	/**
	 * What a publication asks of its statement.
	 *
	 * @param waits whether it waits for a locked row
	 * @param id whether it has an id
	 * @param sender whether it has a sender
	 * @param ends which ends of the transaction it contains
	 */
	record Shape(boolean waits, boolean id, boolean sender, TransactionEnds ends) {
	}

	/**
	 * The row that such a statement returns.
	 *
	 * @param epoch null when nothing was stored
	 * @param overtaken whether that is because another transaction published on the topic
	 * after the statement had begun, and is committed
	 */
	private record Numbered(@Nullable String epoch, long seq, long kept, long firstAt, boolean overtaken) {

		static boolean isStored(@Nullable Numbered row) {
			return row != null && row.epoch != null;
		}

		static Numbered read(ResultSet row) throws SQLException {
			return new Numbered(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getBoolean(5));
		}

	}

}
