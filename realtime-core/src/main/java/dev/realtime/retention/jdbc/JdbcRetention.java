package dev.realtime.retention.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.TopicRow;
import dev.realtime.log.jdbc.TopicRows;
import dev.realtime.log.jdbc.VoidRows;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of messages that need not be kept, from a topic's oldest on and never in the
 * middle, in small transactions. What is gone is told by the topic's row in the same
 * transaction, so a reader learns that something is lost instead of passing over it.
 * <p>
 * Trimming is amortised: a topic may hold 10% or 100 messages more than its policy says,
 * whichever is more, and 10% or one minute longer, whichever is less.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
public final class JdbcRetention {

	/** Most messages that one transaction removes. */
	public static final int BATCH = 1_000;

	private static final long SLACK_MILLIS = 60_000;

	static final String OLDEST = "SELECT seq, published_at, expires_at FROM realtime_message WHERE topic = ? "
			+ "AND epoch = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?";

	static final String OVER = "SELECT " + TopicRow.COLUMNS + " FROM realtime_topic WHERE sweep_at <= ? "
			+ "ORDER BY sweep_at LIMIT ?";

	static final String FORGOTTEN = "SELECT topic, message_id FROM realtime_idempotency WHERE remembered_until <= ? "
			+ "ORDER BY remembered_until LIMIT ?";

	private JdbcRetention() {
	}

	/**
	 * Trims a topic to its policy, at most {@value #BATCH} messages, unless its row is
	 * locked: then the next publication on the topic is a new occasion.
	 * @return whether more are to be removed
	 */
	public static boolean trim(JdbcSession session, Topic topic, TopicPolicy policy, long now) throws SQLException {
		TopicRow row = new TopicRows(session).lockFreeExisting(List.of(topic)).get(topic);
		return row != null && trim(session, row, policy.historySize(), now - policy.historyTime().toMillis());
	}

	/**
	 * Removes the messages of topics whose history is over, the rows of topics that
	 * nobody has ever published on, and ids that may be used again. Any node may do it.
	 * @param limit at most so many topics, with at most {@value #BATCH} messages each;
	 * and as many ids
	 * @return whether more are to be removed
	 */
	public static boolean sweep(JdbcSession session, long now, int limit) throws SQLException {
		List<TopicRow> rows = session.query(OVER + session.dialect().forUpdateSkipLocked(), TopicRow::read, now, limit);
		boolean more = rows.size() == limit;
		for (TopicRow row : rows) {
			more |= sweep(session, row, now);
		}
		List<@Nullable Object[]> ids = session.query(FORGOTTEN,
				(row) -> new @Nullable Object[] { row.getString(1), row.getString(2), now }, now, BATCH);
		session.batch("DELETE FROM realtime_idempotency WHERE topic = ? AND message_id = ? AND remembered_until <= ?",
				ids);
		return more || ids.size() == BATCH;
	}

	/**
	 * Removes the rows of void numbers before a topic's first message that are older than
	 * a minute, at most {@value #BATCH}: for topics whose numbers are taken but carry no
	 * messages. A reader finds them void without their rows.
	 * @return whether there may be more
	 */
	public static boolean forgetVoids(JdbcSession session, Topic topic, long now) throws SQLException {
		TopicRow row = new TopicRows(session).lockExisting(topic);
		if (row == null) {
			return false;
		}
		long through = 0;
		for (Old old : session.query(OLDEST, Old::read, topic.name(), row.epoch(), row.firstSeq(), row.lastSeq(),
				BATCH)) {
			if (!old.isVoid || old.publishedAt > now - SLACK_MILLIS) {
				break;
			}
			through = old.seq;
		}
		return session.update("DELETE FROM realtime_message WHERE topic = ? AND epoch = ? AND seq >= ? AND seq <= ?",
				topic.name(), row.epoch(), row.firstSeq(), through) == BATCH;
	}

	private static boolean sweep(JdbcSession session, TopicRow row, long now) throws SQLException {
		TopicRows topics = new TopicRows(session);
		if (row.lastSeq() == 0) {
			sweepUnused(session, row, now);
			return false;
		}
		if (row.isOver(now)) {
			return trim(session, row, 0, Long.MAX_VALUE);
		}
		row.sweepAtEnd();
		topics.update(List.of(row));
		return false;
	}

	/** A message that is not settled yet needs the numbering. */
	private static void sweepUnused(JdbcSession session, TopicRow row, long now) throws SQLException {
		TopicRows topics = new TopicRows(session);
		if (new MessageRows(session).highest(row) == 0) {
			topics.delete(row.topic());
		}
		else {
			row.sweepAt(now + TopicRow.UNUSED.toMillis());
			topics.update(List.of(row));
		}
	}

	/** Touches no number that is not settled. */
	private static boolean trim(JdbcSession session, TopicRow row, int size, long publishedBefore) throws SQLException {
		List<Old> oldest = session.query(OLDEST, Old::read, row.topic().name(), row.epoch(), row.firstSeq(),
				row.lastSeq(), BATCH + 1);
		if (oldest.size() <= BATCH) {
			// the true count, should somebody have deleted rows by hand
			row.keeps(oldest.stream().filter((each) -> !each.isVoid).count());
		}
		long over = row.kept() - size;
		int gone = 0;
		int messages = 0;
		while (gone < Math.min(oldest.size(), BATCH)
				&& (messages < over || oldest.get(gone).publishedAt <= publishedBefore)) {
			messages += oldest.get(gone).isVoid ? 0 : 1;
			gone++;
		}
		if (gone > 0) {
			long through = oldest.get(gone - 1).seq;
			session.update("DELETE FROM realtime_message WHERE topic = ? AND epoch = ? AND seq >= ? AND seq <= ?",
					row.topic().name(), row.epoch(), row.firstSeq(), through);
			VoidRows.trim(session, row, through);
			row.trimmed(through);
		}
		boolean empty = gone == oldest.size();
		if (empty) {
			row.keepsNothing();
		}
		else {
			row.keeps(row.kept() - messages, oldest.get(gone).publishedAt);
		}
		new TopicRows(session).update(List.of(row));
		return gone == BATCH && !empty;
	}

	private record Old(long seq, long publishedAt, boolean isVoid) {

		static Old read(ResultSet row) throws SQLException {
			return new Old(row.getLong(1), row.getLong(2), row.getLong(3) == MessageRows.VOID);
		}

	}

}
