package dev.realtime.presence.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.Topic;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.presence.Presence.Member;
import org.jspecify.annotations.Nullable;

/** The statements about one topic's rows, in one session. */
final class PresenceRows {

	/** The database's clock, whatever a transaction's beginning was. */
	static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

	private static final String MEMBERS = "SELECT m.user_name, (SELECT COALESCE(SUM(c.connections), 0) FROM "
			+ "realtime_presence_connection c WHERE c.topic = m.topic AND c.user_name = m.user_name) FROM "
			+ "realtime_presence_member m WHERE m.topic = ? ORDER BY m.user_name LIMIT ?";

	private static final String BURY = "DELETE FROM realtime_presence_connection WHERE (topic, user_name, node) IN (SELECT "
			+ "c.topic, c.user_name, c.node FROM realtime_presence_connection c JOIN realtime_presence_node n ON n.node = "
			+ "c.node WHERE n.dead AND c.topic = ? LIMIT ?) RETURNING user_name";

	private static final String COUNT_IN = "INSERT INTO realtime_presence_connection (topic, user_name, node, connections) "
			+ "VALUES (?, ?, ?, ?) ON CONFLICT (topic, user_name, node) DO UPDATE SET connections = EXCLUDED.connections";

	private static final String COUNT_OUT = "DELETE FROM realtime_presence_connection WHERE topic = ? AND user_name = ? "
			+ "AND node = ?";

	private static final String MEMBER_IN = "INSERT INTO realtime_presence_member (topic, user_name, leaving_at) "
			+ "VALUES (?, ?, ?) ON CONFLICT (topic, user_name) DO UPDATE SET leaving_at = EXCLUDED.leaving_at";

	private static final String MEMBER_OUT = "DELETE FROM realtime_presence_member WHERE topic = ? AND user_name = ?";

	private final JdbcSession session;

	private final String topic;

	PresenceRows(JdbcSession session, Topic topic) {
		this.session = session;
		this.topic = topic.name();
	}

	/** Locks the topic's row to the end of the transaction, and makes one if needed. */
	TopicState lock() throws SQLException {
		TopicState found = find();
		if (found == null) {
			int unused = this.session.update("INSERT INTO realtime_presence (topic, members, untold, count_at, due_at) "
					+ "VALUES (?, 0, FALSE, 0, 0) ON CONFLICT (topic) DO NOTHING", this.topic);
			found = find();
		}
		if (found == null) {
			throw new SQLException("The row of topic \"" + this.topic + "\" is gone again", "40001");
		}
		return found;
	}

	private @Nullable TopicState find() throws SQLException {
		List<TopicState> rows = this.session.query(
				"SELECT members, untold, count_at FROM realtime_presence WHERE topic = ? FOR UPDATE",
				(row) -> new TopicState(row.getLong(1), row.getBoolean(2), row.getLong(3)), this.topic);
		return rows.isEmpty() ? null : rows.get(0);
	}

	void write(TopicState state, long due) throws SQLException {
		int unused = this.session.update(
				"UPDATE realtime_presence SET members = ?, untold = (? = 1), count_at = ?, due_at = ? WHERE topic = ?",
				state.members, state.untold ? 1L : 0L, state.countAt, due, this.topic);
	}

	void delete() throws SQLException {
		int unused = this.session.update("DELETE FROM realtime_presence WHERE topic = ?", this.topic);
	}

	/** By the database's clock. */
	long now() throws SQLException {
		return this.session.query("SELECT " + NOW, (row) -> row.getLong(1)).get(0);
	}

	/** Takes connections of dead nodes away; returns whose they were. */
	List<String> bury(int limit) throws SQLException {
		return this.session.query(BURY, (row) -> text(row.getString(1)), this.topic, limit);
	}

	/** Those whose grace is over. */
	List<String> over(long now, int limit) throws SQLException {
		return this.session.query(
				"SELECT user_name FROM realtime_presence_member WHERE topic = ? AND leaving_at > 0 AND "
						+ "leaving_at <= ? ORDER BY leaving_at LIMIT ?",
				(row) -> text(row.getString(1)), this.topic, now, limit);
	}

	/** When the next grace ends, or 0. */
	long nextLeave() throws SQLException {
		return this.session.query(
				"SELECT COALESCE(MIN(leaving_at), 0) FROM realtime_presence_member WHERE topic = ? AND leaving_at > 0",
				(row) -> row.getLong(1), this.topic)
			.get(0);
	}

	/** What is there of the users. */
	Map<String, UserState> users(Collection<String> names, String node) throws SQLException {
		Map<String, UserState> users = new HashMap<>();
		names.forEach((name) -> users.put(name, new UserState()));
		for (List<@Nullable Object> parameters : lists(names)) {
			String in = "(" + JdbcSession.marks(parameters.size() - 1) + ")";
			this.session.query(
					"SELECT user_name, leaving_at FROM realtime_presence_member WHERE topic = ? AND user_name IN " + in,
					(row) -> {
						UserState user = users.get(text(row.getString(1)));
						if (user != null) {
							user.isMember = true;
							user.leavingAt = row.getLong(2);
						}
						return true;
					}, parameters.toArray());
			this.session
				.query("SELECT user_name, node, connections FROM realtime_presence_connection WHERE topic = ? AND "
						+ "user_name IN " + in, (row) -> {
							UserState user = users.get(text(row.getString(1)));
							if (user != null && row.getString(2).equals(node)) {
								user.here = row.getInt(3);
							}
							else if (user != null) {
								user.elsewhere += row.getInt(3);
							}
							return true;
						}, parameters.toArray());
		}
		return users;
	}

	/** Writes what has changed. */
	void write(Map<String, UserState> users, String node) throws SQLException {
		List<@Nullable Object[]> countsIn = new ArrayList<>();
		List<@Nullable Object[]> countsOut = new ArrayList<>();
		List<@Nullable Object[]> membersIn = new ArrayList<>();
		List<@Nullable Object[]> membersOut = new ArrayList<>();
		users.forEach((name, user) -> {
			String escaped = EscapedText.write(name);
			if (user.hereChanged && user.here > 0) {
				countsIn.add(new @Nullable Object[] { this.topic, escaped, node, user.here });
			}
			else if (user.hereChanged) {
				countsOut.add(new @Nullable Object[] { this.topic, escaped, node });
			}
			if (user.memberChanged && user.isMember) {
				membersIn.add(new @Nullable Object[] { this.topic, escaped, user.leavingAt });
			}
			else if (user.memberChanged) {
				membersOut.add(new @Nullable Object[] { this.topic, escaped });
			}
		});
		this.session.batch(COUNT_OUT, countsOut);
		this.session.batch(COUNT_IN, countsIn);
		this.session.batch(MEMBER_OUT, membersOut);
		this.session.batch(MEMBER_IN, membersIn);
	}

	List<Member> members(int limit) throws SQLException {
		return this.session.query(MEMBERS, (row) -> new Member(text(row.getString(1)), row.getInt(2)), this.topic,
				limit);
	}

	long count() throws SQLException {
		List<Long> counts = this.session.query("SELECT members FROM realtime_presence WHERE topic = ?",
				(row) -> row.getLong(1), this.topic);
		return counts.isEmpty() ? 0 : counts.get(0);
	}

	/** Those of the users who are members. */
	List<String> present(Collection<String> names) throws SQLException {
		List<String> present = new ArrayList<>();
		for (List<@Nullable Object> parameters : lists(names)) {
			present.addAll(this.session.query(
					"SELECT user_name FROM realtime_presence_member WHERE topic = ? AND user_name IN ("
							+ JdbcSession.marks(parameters.size() - 1) + ")",
					(row) -> text(row.getString(1)), parameters.toArray()));
		}
		return present;
	}

	/** The topic and some of the names, as often as there are names. */
	private List<List<@Nullable Object>> lists(Collection<String> names) {
		List<List<@Nullable Object>> lists = new ArrayList<>();
		List<String> all = List.copyOf(names);
		for (int from = 0; from < all.size(); from += JdbcSession.MAX_LIST) {
			List<String> some = JdbcSession
				.padded(all.subList(from, Math.min(all.size(), from + JdbcSession.MAX_LIST)));
			List<@Nullable Object> parameters = new ArrayList<>();
			parameters.add(this.topic);
			some.forEach((name) -> parameters.add(EscapedText.write(name)));
			lists.add(parameters);
		}
		return lists;
	}

	private static String text(String column) {
		return Objects.requireNonNull(EscapedText.read(column));
	}

	/** A topic's row. */
	static final class TopicState {

		long members;

		boolean untold;

		/** When a number may be published again, or 0. */
		long countAt;

		TopicState(long members, boolean untold, long countAt) {
			this.members = members;
			this.untold = untold;
			this.countAt = countAt;
		}

	}

	/** A user's rows. */
	static final class UserState {

		boolean isMember;

		/** When the grace ends, or 0. */
		long leavingAt;

		int here;

		int elsewhere;

		boolean hereChanged;

		boolean memberChanged;

	}

}
