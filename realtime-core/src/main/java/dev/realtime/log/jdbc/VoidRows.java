package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.List;

import dev.realtime.jdbc.JdbcSession;

/**
 * Numbers that carry no message, so that whoever counts messages by their numbers can
 * leave them out. Numbers that follow each other are one row, and rows go with the
 * messages around them: so there are never more rows than messages kept, and one.
 */
public final class VoidRows {

	private VoidRows() {
	}

	/** Notes that the number taken last from a locked row will carry no message. */
	public static void add(JdbcSession session, TopicRow row) throws SQLException {
		long seq = row.lastSeq;
		List<long[]> last = session.query(
				"SELECT seq, through FROM realtime_void WHERE topic = ? AND epoch = ? ORDER BY seq DESC LIMIT 1",
				(result) -> new long[] { result.getLong(1), result.getLong(2) }, row.topic.name(), row.epoch);
		if (!last.isEmpty() && last.get(0)[1] == seq - 1) {
			session.update("UPDATE realtime_void SET through = ? WHERE topic = ? AND epoch = ? AND seq = ?", seq,
					row.topic.name(), row.epoch, last.get(0)[0]);
		}
		else {
			session.update(
					"INSERT INTO realtime_void (topic, epoch, seq, through, voids_before) VALUES (?, ?, ?, ?, ?)",
					row.topic.name(), row.epoch, seq, seq, row.voids);
		}
		row.voids++;
	}

	/** Lets go of those before messages that are gone. */
	public static void trim(JdbcSession session, TopicRow row, long through) throws SQLException {
		if (row.voids > 0) {
			session.update("DELETE FROM realtime_void WHERE topic = ? AND epoch = ? AND seq <= ? AND through <= ?",
					row.topic.name(), row.epoch, through, through);
		}
	}

}
