package dev.realtime.unread.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import org.jspecify.annotations.Nullable;

/** Looks up the rows of topics with those of users: two primary keys, nothing else. */
final class ReadRows {

	private static final String COLUMNS = "SELECT t.topic, t.epoch, t.last_seq, t.voids, r.user_name, r.epoch, "
			+ "r.own, r.read_seq, r.read_voids, r.read_own ";

	private static final String SELECT = COLUMNS + "FROM realtime_topic t LEFT JOIN realtime_read r "
			+ "ON r.topic = t.topic AND r.user_name IN (";

	/**
	 * Not {@code r.topic IN}: a database would look for each of the users on each of the
	 * topics.
	 */
	private static final String SELECT_READ = COLUMNS + "FROM realtime_read r JOIN realtime_topic t "
			+ "ON t.topic = r.topic WHERE r.user_name IN (";

	private ReadRows() {
	}

	/** The statement that looks for so many topics and users. */
	static String select(int topics, int users) {
		return SELECT + JdbcSession.marks(users) + ") WHERE t.topic IN (" + JdbcSession.marks(topics) + ")";
	}

	/**
	 * One row for each topic and user with counts; one for a topic without such users.
	 */
	static List<Found> find(JdbcSession session, List<Topic> topics, List<String> users) throws SQLException {
		List<String> names = topics.stream().map(Topic::name).toList();
		if (names.isEmpty()) {
			return List.of();
		}
		List<String> someNames = JdbcSession.padded(names);
		List<String> someUsers = JdbcSession.padded(users.stream().map(ReadRows::column).toList());
		return session.query(select(someNames.size(), someUsers.size()), ReadRows::read,
				Stream.concat(someUsers.stream(), someNames.stream()).toArray());
	}

	/** One row for each topic that has one, without a user. */
	static List<Found> findTopics(JdbcSession session, Collection<Topic> topics) throws SQLException {
		List<String> names = JdbcSession.padded(topics.stream().map(Topic::name).toList());
		return session
			.query("SELECT topic, epoch, last_seq, voids, NULL, NULL, 0, 0, 0, 0 FROM realtime_topic WHERE topic IN ("
					+ JdbcSession.marks(names.size()) + ")", ReadRows::read, names.toArray());
	}

	/** The statement that looks for the counts of so many users on so many topics. */
	static String selectRead(int topics, int users) {
		return SELECT_READ + JdbcSession.marks(users) + ") AND t.topic IN (" + JdbcSession.marks(topics) + ")";
	}

	/** One row for each of the topics and users with counts. */
	static List<Found> findRead(JdbcSession session, Collection<Topic> topics, Collection<String> users)
			throws SQLException {
		List<String> someNames = JdbcSession.padded(topics.stream().map(Topic::name).toList());
		List<String> someUsers = JdbcSession.padded(users.stream().map(ReadRows::column).toList());
		return session.query(selectRead(someNames.size(), someUsers.size()), ReadRows::read,
				Stream.concat(someUsers.stream(), someNames.stream()).toArray());
	}

	/** How often any of the users' positions has moved. */
	static List<Long> moves(JdbcSession session, List<String> users) throws SQLException {
		if (users.isEmpty()) {
			return List.of();
		}
		List<String> columns = JdbcSession.padded(users.stream().map(ReadRows::column).toList());
		Map<String, Long> moves = new HashMap<>();
		session.query(moves(columns.size()),
				(row) -> moves.put(Objects.requireNonNull(EscapedText.read(row.getString(1))), row.getLong(2)),
				columns.toArray());
		return users.stream().map((user) -> moves.getOrDefault(user, 0L)).toList();
	}

	/** The statement that looks for so many users. */
	static String moves(int users) {
		return "SELECT user_name, moves FROM realtime_reader WHERE user_name IN (" + JdbcSession.marks(users) + ")";
	}

	/** A user's name as it stands in a column. */
	static String column(String user) {
		return Objects.requireNonNull(EscapedText.write(user));
	}

	static Found read(ResultSet row) throws SQLException {
		Position latest = new Position(row.getString(2), row.getLong(3));
		boolean current = latest.epoch().equals(row.getString(6));
		ReadState state = new ReadState(latest, row.getLong(4), current ? row.getLong(7) : 0,
				current ? row.getLong(8) : 0, current ? row.getLong(9) : 0, current ? row.getLong(10) : 0);
		return new Found(Topic.of(row.getString(1)), EscapedText.read(row.getString(5)), state);
	}

	/**
	 * A topic's numbering with one user's counts.
	 *
	 * @param user null when none of the users has any
	 */
	record Found(Topic topic, @Nullable String user, ReadState state) {
	}

}
