package dev.realtime.unread.jdbc;

import java.sql.SQLException;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.unread.Unread;
import org.jspecify.annotations.Nullable;

/**
 * Moves one read position, in one transaction. It locks the user's row and nothing of the
 * topic's: so publishers wait for it only when they count this user's own messages. While
 * the lock is held that count does not change, and all messages that it counts can be
 * seen.
 * <p>
 * The counts up to a number in the middle are found from behind: the next own message
 * after it knows how many there were before, and without one there were all. The same
 * with voids. Messages behind the topic's head are not looked at: where a counter numbers
 * they are committed, but not counted yet.
 */
final class ReadMark {

	static final String NEXT_OWN = "SELECT sender_count - 1 FROM realtime_message WHERE topic = ? AND epoch = ? "
			+ "AND sender = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT 1";

	static final String LAST_VOID = "SELECT seq, through, voids_before FROM realtime_void WHERE topic = ? "
			+ "AND epoch = ? AND seq <= ? ORDER BY seq DESC LIMIT 1";

	static final String NEXT_VOID = "SELECT voids_before FROM realtime_void WHERE topic = ? AND epoch = ? "
			+ "AND seq > ? ORDER BY seq LIMIT 1";

	private final JdbcSession session;

	private final String user;

	private final Topic topic;

	ReadMark(JdbcSession session, String user, Topic topic) {
		this.session = session;
		this.user = ReadRows.column(user);
		this.topic = topic;
	}

	/** Moves it if it moves forwards. */
	Unread move(@Nullable Position to) throws SQLException {
		ReadState state = lock();
		Position latest = state.latest();
		boolean other = to != null && !to.sameEpoch(latest);
		long seq = (to != null) ? Math.min(to.seq(), latest.seq()) : latest.seq();
		if (other || seq <= state.read()) {
			return state.unread(this.topic);
		}
		ReadState moved = (seq == latest.seq()) ? state.readThrough(seq, state.voids(), state.own())
				: readThrough(state, seq);
		this.session.update(
				"UPDATE realtime_read SET epoch = ?, own = ?, read_seq = ?, read_voids = ?, read_own = ? "
						+ "WHERE user_name = ? AND topic = ?",
				latest.epoch(), moved.own(), moved.read(), moved.readVoids(), moved.readOwn(), this.user,
				this.topic.name());
		countMove();
		return moved.unread(this.topic);
	}

	/** Locks the row, makes it if it is missing, and reads it with its topic's. */
	private ReadState lock() throws SQLException {
		if (!lockExisting()) {
			this.session
				.insertMissing("realtime_read", 2, "user_name, topic, epoch, read_seq, read_own, read_voids, own", List
					.<@Nullable Object[]>of(new @Nullable Object[] { this.user, this.topic.name(), "", 0, 0, 0, 0 }));
			lockExisting();
		}
		// read again together with the topic's row: both as they are now
		return this.session.query(ReadRows.select(1, 1), ReadRows::read, this.user, this.topic.name())
			.stream()
			.findFirst()
			.orElseThrow(() -> new SQLException("The row of topic \"" + this.topic + "\" is gone", "40001"))
			.state();
	}

	private boolean lockExisting() throws SQLException {
		return !this.session
			.query("SELECT own FROM realtime_read WHERE user_name = ? AND topic = ? FOR UPDATE",
					(row) -> row.getLong(1), this.user, this.topic.name())
			.isEmpty();
	}

	private ReadState readThrough(ReadState state, long seq) throws SQLException {
		long voids = voidsThrough(state, seq);
		long own = first(NEXT_OWN, state.own(), this.topic.name(), state.latest().epoch(), this.user, seq,
				state.latest().seq());
		long firstKept = first("SELECT first_seq FROM realtime_topic WHERE topic = ?", 1, this.topic.name());
		if (seq < firstKept - 1) {
			// what came right after it is gone, so these counts may include some that
			// came later: the most that are possible, so that nothing unread is hidden
			long passed = seq - state.read();
			voids = Math.min(voids, state.readVoids() + passed);
			own = Math.min(own, state.readOwn() + passed - (voids - state.readVoids()));
		}
		return state.readThrough(seq, voids, own);
	}

	private long voidsThrough(ReadState state, long seq) throws SQLException {
		if (state.voids() == state.readVoids()) {
			return state.voids();
		}
		List<Long> last = this.session.query(LAST_VOID,
				(row) -> row.getLong(3) + Math.min(row.getLong(2), seq) - row.getLong(1) + 1, this.topic.name(),
				state.latest().epoch(), seq);
		return last.isEmpty() ? first(NEXT_VOID, state.voids(), this.topic.name(), state.latest().epoch(), seq)
				: last.get(0);
	}

	private long first(String sql, long otherwise, Object... parameters) throws SQLException {
		List<Long> rows = this.session.query(sql, (row) -> row.getLong(1), parameters);
		return rows.isEmpty() ? otherwise : rows.get(0);
	}

	/** Other nodes look at this number. */
	private void countMove() throws SQLException {
		String count = "UPDATE realtime_reader SET moves = moves + 1 WHERE user_name = ?";
		if (this.session.update(count, this.user) == 0) {
			this.session.insertMissing("realtime_reader", 1, "user_name, moves",
					List.<@Nullable Object[]>of(new @Nullable Object[] { this.user, 0 }));
			this.session.update(count, this.user);
		}
	}

}
