package dev.realtime.deadletter.jdbc;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.MessageLocation;
import org.jspecify.annotations.Nullable;

/**
 * What was given up: publications that the database refused, and messages that could not
 * be announced. They stay until somebody replays or discards them.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
public final class JdbcDeadLetters {

	/** Most that are listed at once. */
	public static final int MAX_LISTED = 1_000;

	/** Most that are counted. */
	public static final int MAX_COUNTED = 100_000;

	private static final String COLUMNS = "id, died_at, attempts, error, topic, epoch, seq, message_id, time_to_live, "
			+ "excluded_session, content_type, type, headers, payload, sender";

	private static final String SHOWN = "SELECT id, topic, epoch, seq, message_id, OCTET_LENGTH(payload), died_at, "
			+ "attempts, error FROM realtime_dead_letter ";

	/** As it stands in its column: escapes may make it longer. */
	private static final int MAX_ERROR = 1_000;

	private JdbcDeadLetters() {
	}

	/**
	 * Keeps a publication that could not be stored.
	 * @return the dead letter's id
	 */
	public static String notStored(JdbcSession session, Publication publication, int attempts, @Nullable String error,
			long now) throws SQLException {
		String id = session.environment().uuid().toString();
		Content content = publication.content();
		Duration timeToLive = publication.timeToLive();
		session.insert("realtime_dead_letter (" + COLUMNS + ")",
				List.<@Nullable Object[]>of(new @Nullable Object[] { id, now, attempts, shown(error),
						publication.topic().name(), null, JdbcSession.NO_NUMBER, EscapedText.write(publication.id()),
						(timeToLive != null) ? timeToLive.toMillis() : JdbcSession.NO_NUMBER,
						EscapedText.write(publication.excludedSession()), EscapedText.write(content.contentType()),
						EscapedText.write(content.type()), EscapedText.writeHeaders(content.storedHeaders()),
						bytes(content.payload()), EscapedText.write(publication.sender()) }));
		return id;
	}

	/** Keeps in mind messages that could not be announced; they stay in the log. */
	public static void notAnnounced(JdbcSession session, Collection<MessageLocation> places, int attempts,
			@Nullable String error, long now) throws SQLException {
		session.insert("realtime_dead_letter (id, died_at, attempts, error, topic, epoch, seq)",
				places.stream()
					.map((place) -> new @Nullable Object[] { session.environment().uuid().toString(), now, attempts,
							shown(error), place.topic().name(), place.position().epoch(), place.position().seq() })
					.toList());
	}

	/** The newest first. */
	public static List<DeadLetter> list(JdbcSession session, int limit) throws SQLException {
		return session.query(SHOWN + "ORDER BY died_at DESC, id LIMIT ?", JdbcDeadLetters::letter,
				Math.min(limit, MAX_LISTED));
	}

	/** How many there are, {@value #MAX_COUNTED} at most. */
	public static long count(JdbcSession session) throws SQLException {
		return session
			.query("SELECT COUNT(*) FROM (SELECT id FROM realtime_dead_letter LIMIT " + MAX_COUNTED + ") dead",
					(row) -> row.getLong(1))
			.get(0);
	}

	/** Locks one until the transaction ends; null when there is none of that id. */
	public static @Nullable DeadLetter lock(JdbcSession session, String id) throws SQLException {
		List<DeadLetter> found = session.query(SHOWN + "WHERE id = ? FOR UPDATE", JdbcDeadLetters::letter,
				EscapedText.write(id));
		return found.isEmpty() ? null : found.get(0);
	}

	/** What was to be published, of a dead letter that was never stored. */
	public static Publication publication(JdbcSession session, DeadLetter letter) throws SQLException {
		return session
			.query("SELECT " + COLUMNS + " FROM realtime_dead_letter WHERE id = ?", JdbcDeadLetters::publication,
					letter.id())
			.get(0);
	}

	/** The message that was not announced, or null when it is no longer kept. */
	public static @Nullable TopicMessage message(JdbcSession session, DeadLetter letter) throws SQLException {
		List<TopicMessage> found = new MessageRows(session)
			.at(List.of(new MessageLocation(letter.topic(), Objects.requireNonNull(letter.position()))));
		return found.isEmpty() ? null : found.get(0);
	}

	/** Forgets one; answers whether it was there. */
	public static boolean delete(JdbcSession session, String id) throws SQLException {
		return session.update("DELETE FROM realtime_dead_letter WHERE id = ?", EscapedText.write(id)) > 0;
	}

	private static DeadLetter letter(ResultSet row) throws SQLException {
		String epoch = row.getString(3);
		return new DeadLetter(row.getString(1), Topic.of(row.getString(2)),
				(epoch != null) ? new Position(epoch, row.getLong(4)) : null, EscapedText.read(row.getString(5)),
				row.getInt(6), row.getLong(7), row.getInt(8),
				Objects.requireNonNull(EscapedText.read(row.getString(9))));
	}

	private static Publication publication(ResultSet row) throws SQLException {
		long timeToLive = row.getLong(9);
		Content content = Content.of(row.getBytes(14), Objects.requireNonNull(EscapedText.read(row.getString(11))),
				EscapedText.read(row.getString(12)), EscapedText.readHeaders(row.getString(13)));
		return new Publication(Topic.of(row.getString(5)), content, EscapedText.read(row.getString(8)),
				EscapedText.read(row.getString(10)), (timeToLive > 0) ? Duration.ofMillis(timeToLive) : null,
				EscapedText.read(row.getString(15)), null, content.isImportant());
	}

	private static String shown(@Nullable String error) {
		String text = (error != null) ? error : "unknown";
		String escaped = Objects.requireNonNull(EscapedText.write(text));
		if (escaped.length() <= MAX_ERROR) {
			return escaped;
		}
		String start = text.substring(0, Math.min(text.length(), MAX_ERROR / 6));
		return Objects.requireNonNull(EscapedText.write(start));
	}

	private static byte[] bytes(ByteBuffer payload) {
		byte[] bytes = new byte[payload.remaining()];
		payload.get(bytes);
		return bytes;
	}

}
