package dev.realtime.outbox.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.deadletter.jdbc.JdbcDeadLetters;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.MessageLocation;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are stored and not yet known to be announced. A row is written with
 * its message and goes once somebody has announced it: the node that stored it, or, if
 * that died, any other. Announcing one twice is harmless.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
public final class JdbcOutbox {

	static final String DUE = "SELECT topic, epoch, seq, attempts FROM realtime_outbox WHERE created_at <= ? "
			+ "ORDER BY created_at LIMIT ?";

	private static final Comparator<MessageLocation> ORDER = Comparator.comparing(MessageLocation::topic)
		.thenComparing((place) -> place.position().epoch())
		.thenComparing((place) -> place.position().seq());

	private static final int MAX_ERROR = 500;

	/** Whoever has more waiting has other worries than the exact number. */
	public static final int MAX_COUNTED = 100_000;

	private JdbcOutbox() {
	}

	/**
	 * Takes messages that nobody has announced yet; while the transaction lasts no other
	 * node takes them, where the database can pass over locked rows.
	 * @param createdBefore only those stored no later, in milliseconds since 1970
	 * @param limit at most so many
	 * @param except topics to pass over, at most {@value JdbcSession#MAX_LIST}
	 * @return in the order of their numbers, and whether there may be more
	 */
	public static Due due(JdbcSession session, long createdBefore, int limit, Collection<Topic> except)
			throws SQLException {
		List<String> names = except.stream().map(Topic::name).toList();
		List<Object> parameters = new ArrayList<>();
		parameters.add(createdBefore);
		String sql = DUE;
		if (!names.isEmpty()) {
			List<String> padded = JdbcSession.padded(names);
			sql = DUE.replace(" ORDER BY", " AND topic NOT IN (" + JdbcSession.marks(padded.size()) + ") ORDER BY");
			parameters.addAll(padded);
		}
		parameters.add(limit);
		Map<MessageLocation, Integer> attempts = new LinkedHashMap<>();
		session.query(sql + session.dialect().forUpdateSkipLocked(),
				(row) -> attempts.put(
						new MessageLocation(Topic.of(row.getString(1)), new Position(row.getString(2), row.getLong(3))),
						row.getInt(4)),
				parameters.toArray());
		List<TopicMessage> messages = attempts.isEmpty() ? List.of() : new MessageRows(session).at(attempts.keySet());
		Set<MessageLocation> trimmed = new HashSet<>(attempts.keySet());
		messages.forEach((message) -> trimmed.remove(MessageLocation.of(message)));
		session.batch("DELETE FROM realtime_outbox WHERE topic = ? AND epoch = ? AND seq = ?",
				trimmed.stream().map(MessageLocation::key).toList());
		List<TopicMessage> sorted = messages.stream().sorted(Comparator.comparing(MessageLocation::of, ORDER)).toList();
		return new Due(sorted, attempts, attempts.size() == limit);
	}

	/** Removes what was announced: one statement for each run of numbers. */
	public static void announced(JdbcSession session, Collection<MessageLocation> announced) throws SQLException {
		List<MessageLocation> places = announced.stream().sorted(ORDER).toList();
		List<@Nullable Object[]> runs = new ArrayList<>();
		int from = 0;
		for (int i = 1; i <= places.size(); i++) {
			if (i == places.size() || !places.get(i).follows(places.get(i - 1))) {
				MessageLocation first = places.get(from);
				runs.add(new @Nullable Object[] { first.topic().name(), first.position().epoch(),
						first.position().seq(), places.get(i - 1).position().seq() });
				from = i;
			}
		}
		session.batch("DELETE FROM realtime_outbox WHERE topic = ? AND epoch = ? AND seq >= ? AND seq <= ?", runs);
	}

	/**
	 * Notes that messages could not be announced: they stay, and those that were tried
	 * often enough become dead letters.
	 * @param maxAttempts how often that is
	 */
	public static void failed(JdbcSession session, Due due, Collection<MessageLocation> failed, @Nullable String error,
			int maxAttempts, long now) throws SQLException {
		String text = EscapedText.write(error);
		String shown = (text != null) ? text.substring(0, Math.min(text.length(), MAX_ERROR / 2)) : null;
		List<@Nullable Object[]> rows = new ArrayList<>();
		List<MessageLocation> dead = new ArrayList<>();
		for (MessageLocation place : failed) {
			if (due.attempts.getOrDefault(place, 0) + 1 >= maxAttempts) {
				dead.add(place);
			}
			else {
				rows.add(new @Nullable Object[] { shown, place.topic().name(), place.position().epoch(),
						place.position().seq() });
			}
		}
		session.batch("UPDATE realtime_outbox SET attempts = attempts + 1, last_error = ? "
				+ "WHERE topic = ? AND epoch = ? AND seq = ?", rows);
		JdbcDeadLetters.notAnnounced(session, dead, maxAttempts, error, now);
		announced(session, dead);
	}

	/**
	 * How many messages wait, {@value #MAX_COUNTED} at most, and since when.
	 */
	public static Depth depth(JdbcSession session) throws SQLException {
		return session
			.query("SELECT COUNT(*), MIN(created_at) FROM (SELECT created_at FROM realtime_outbox "
					+ "ORDER BY created_at LIMIT " + MAX_COUNTED + ") waiting",
					(row) -> new Depth(row.getLong(1), row.getLong(2)))
			.get(0);
	}

	/**
	 * What is to be announced.
	 *
	 * @param messages in the order of topics and numbers
	 * @param attempts how often each place was tried before
	 * @param hasMore whether there may be more
	 */
	public record Due(List<TopicMessage> messages, Map<MessageLocation, Integer> attempts, boolean hasMore) {
	}

	/**
	 * How full the outbox is.
	 *
	 * @param messages how many wait, {@value #MAX_COUNTED} at most
	 * @param oldest when the oldest of them was stored, in milliseconds since 1970, or 0
	 */
	public record Depth(long messages, long oldest) {
	}

}
