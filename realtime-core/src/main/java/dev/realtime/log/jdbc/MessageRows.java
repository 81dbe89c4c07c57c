package dev.realtime.log.jdbc;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/** The rows of messages, in one session. */
public final class MessageRows {

	/** Largest payload, in bytes. */
	static final int MAX_PAYLOAD = 16 << 20;

	/** Longest type, media type or session, in characters. */
	static final int MAX_TEXT = 4_096;

	/** Longest headers, as they stand in their column, in characters. */
	static final int MAX_HEADERS = 500_000;

	/** What stands for the end of its time to live in the row of a void number. */
	public static final long VOID = 1;

	/** Of what subscribers get. */
	public static final String COLUMNS = "topic, epoch, seq, message_id, published_at, expires_at, excluded_session, "
			+ "content_type, type, headers, payload";

	/** With what only the log knows of a message. */
	public static final String ALL_COLUMNS = COLUMNS + ", sender, sender_count";

	private static final String RANGE = "SELECT " + COLUMNS + " FROM realtime_message WHERE topic = ? AND epoch = ? "
			+ "AND seq >= ? AND seq <= ? AND (expires_at = 0 OR expires_at > ?) ORDER BY seq";

	static final String ASCENDING = RANGE + " LIMIT ?";

	static final String DESCENDING = RANGE + " DESC LIMIT ?";

	private final JdbcSession session;

	/** Those that a session sees. */
	public MessageRows(JdbcSession session) {
		this.session = session;
	}

	/**
	 * Refuses what no column could hold, before it costs the others of its batch.
	 * @throws IllegalArgumentException when a part is too long
	 */
	static void check(Publication publication) {
		Content content = publication.content();
		check("payload", content.size(), MAX_PAYLOAD, "bytes");
		check("content type", content.contentType().length(), MAX_TEXT, "characters");
		check("type", length(content.type()), MAX_TEXT, "characters");
		check("excluded session", length(publication.excludedSession()), MAX_TEXT, "characters");
		check("set of headers", length(EscapedText.writeHeaders(content.headers())), MAX_HEADERS, "characters");
	}

	void insert(List<Sent> messages) throws SQLException {
		this.session.insert("realtime_message (" + ALL_COLUMNS + ")", messages.stream().map(MessageRows::row).toList());
	}

	/** The numbers from {@code from} through {@code to}, the lowest first. */
	List<TopicMessage> ascending(TopicRow row, long from, long to, long now, int limit) throws SQLException {
		return range(ASCENDING, row, from, to, now, limit);
	}

	/** The numbers from {@code from} through {@code to}, the highest first. */
	List<TopicMessage> descending(TopicRow row, long from, long to, long now, int limit) throws SQLException {
		return range(DESCENDING, row, from, to, now, limit);
	}

	/** The messages of the given places that are still kept. */
	public List<TopicMessage> at(Collection<MessageLocation> places) throws SQLException {
		List<TopicMessage> found = new ArrayList<>();
		List<MessageLocation> all = List.copyOf(places);
		for (int from = 0; from < all.size(); from += 100) {
			List<MessageLocation> some = JdbcSession.padded(all.subList(from, Math.min(all.size(), from + 100)));
			found.addAll(this.session.query(
					"SELECT " + COLUMNS + " FROM realtime_message WHERE " + MessageLocation.among(some.size()),
					MessageRows::message, MessageLocation.parameters(some)));
		}
		return found;
	}

	/** The highest number of the topic that the log knows, settled or not. */
	public long highest(TopicRow row) throws SQLException {
		long claimed = this.session
			.query("SELECT MAX(seq) FROM realtime_message WHERE topic = ? AND epoch = ?", (max) -> max.getLong(1),
					row.topic.name(), row.epoch)
			.get(0);
		return Math.max(row.lastSeq, claimed);
	}

	/** The lowest and the highest message that is kept; 0 and 0 when none is. */
	Bounds bounds(TopicRow row) throws SQLException {
		return this.session
			.query("SELECT MIN(seq), MAX(seq) FROM realtime_message WHERE topic = ? AND epoch = ? AND seq >= ? "
					+ "AND seq <= ? AND expires_at <> " + VOID,
					(result) -> new Bounds(result.getLong(1), result.getLong(2)), row.topic.name(), row.epoch,
					row.firstSeq, row.lastSeq)
			.get(0);
	}

	private List<TopicMessage> range(String sql, TopicRow row, long from, long to, long now, int limit)
			throws SQLException {
		return this.session.query(sql, MessageRows::message, row.topic.name(), row.epoch, from, to, now, limit);
	}

	/** The values of {@link #ALL_COLUMNS}. */
	public static @Nullable Object[] row(Sent sent) {
		TopicMessage message = sent.message;
		Content content = message.content();
		return new @Nullable Object[] { message.topic().name(), message.position().epoch(), message.seq(),
				EscapedText.write(message.id()), message.timestamp(), message.expiresAt(),
				EscapedText.write(message.excludedSession()), EscapedText.write(content.contentType()),
				EscapedText.write(content.type()), EscapedText.writeHeaders(content.storedHeaders()), bytes(content),
				EscapedText.write(sent.sender), sent.count };
	}

	static byte[] bytes(Content content) {
		ByteBuffer payload = content.payload();
		byte[] bytes = new byte[payload.remaining()];
		payload.get(bytes);
		return bytes;
	}

	static TopicMessage message(ResultSet row) throws SQLException {
		Content content = Content.of(row.getBytes(11), Objects.requireNonNull(EscapedText.read(row.getString(8))),
				EscapedText.read(row.getString(9)), EscapedText.readHeaders(row.getString(10)));
		return new TopicMessage(Topic.of(row.getString(1)), new Position(row.getString(2), row.getLong(3)),
				row.getLong(5), EscapedText.read(row.getString(4)), content, EscapedText.read(row.getString(7)),
				row.getLong(6));
	}

	private static int length(@Nullable String text) {
		return (text != null) ? text.length() : 0;
	}

	private static void check(String part, int size, int most, String unit) {
		if (size > most) {
			throw new IllegalArgumentException(
					"A message's " + part + " has at most " + most + " " + unit + " in the log, not " + size);
		}
	}

	/**
	 * A message with what only the log knows of it.
	 *
	 * @param message what subscribers get
	 * @param sender who says it, or null
	 * @param count how many messages the sender has on the topic, this one included, or 0
	 */
	public record Sent(TopicMessage message, @Nullable String sender, long count) {
	}

	/** The lowest and the highest number. */
	record Bounds(long lowest, long highest) {
	}

}
