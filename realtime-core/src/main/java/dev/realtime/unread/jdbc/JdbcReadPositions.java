package dev.realtime.unread.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UserTopic;
import org.jspecify.annotations.Nullable;

/**
 * Read positions in the database that is the log, see
 * {@link dev.realtime.jdbc.JdbcSchema}. What is unread comes of two rows that one
 * statement reads as they are at one moment: the topic's, which has its last number and
 * how many voids there are, and the user's, which has how many own messages there are,
 * and the number read with the voids and own messages up to there.
 * <p>
 * Stages complete on a thread of {@link JdbcCalls}; they fail with the
 * {@link SQLException}, or at once as {@link JdbcCalls#submit} says.
 */
public final class JdbcReadPositions implements ReadPositions {

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	/**
	 * Read positions in a database that has the schema.
	 * @param database where; not closed by us
	 * @param calls on whose threads; not closed by us
	 */
	public JdbcReadPositions(JdbcDatabase database, JdbcCalls calls) {
		this.database = database;
		this.calls = calls;
	}

	@Override
	public CompletionStage<Unread> markRead(String user, Topic topic, @Nullable Position position) {
		check(user);
		return this.calls.submit(() -> {
			Unread known = this.database.read((session) -> unread(session, user, List.of(topic))).get(0);
			if (!isMove(known, position)) {
				return known;
			}
			return this.database.write((session) -> new ReadMark(session, user, topic).move(position));
		});
	}

	@Override
	public CompletionStage<List<Unread>> unread(String user, List<Topic> topics) {
		check(user);
		if (topics.size() > MAX_TOPICS) {
			throw new IllegalArgumentException("At most " + MAX_TOPICS + " topics at once, not " + topics.size());
		}
		List<Topic> asked = List.copyOf(topics);
		return this.calls.submit(() -> this.database.read((session) -> unread(session, user, asked)));
	}

	@Override
	public CompletionStage<List<Unread>> unread(List<UserTopic> pairs) {
		if (pairs.size() > MAX_PAIRS) {
			throw new IllegalArgumentException(
					"At most " + MAX_PAIRS + " users and topics at once, not " + pairs.size());
		}
		pairs.forEach((pair) -> check(pair.user()));
		List<UserTopic> asked = List.copyOf(pairs);
		return this.calls.submit(() -> this.database.read((session) -> unread(session, asked)));
	}

	@Override
	public CompletionStage<List<Long>> moves(List<String> users) {
		check(users);
		List<String> asked = List.copyOf(users);
		return this.calls.submit(() -> this.database.read((session) -> ReadRows.moves(session, asked)));
	}

	/** What changes nothing locks nothing, either. */
	private static boolean isMove(Unread known, @Nullable Position position) {
		return known.latest().seq() > known.read()
				&& (position == null || (position.sameEpoch(known.latest()) && position.seq() > known.read()));
	}

	private List<Unread> unread(JdbcSession session, String user, List<Topic> topics) throws SQLException {
		Map<Topic, Unread> found = new HashMap<>();
		ReadRows.find(session, topics, List.of(user))
			.forEach((row) -> found.put(row.topic(), row.state().unread(row.topic())));
		for (Topic topic : topics) {
			if (!found.containsKey(topic)) {
				found.put(topic, neverNamed(session, topic));
			}
		}
		return topics.stream().map(found::get).toList();
	}

	private List<Unread> unread(JdbcSession session, List<UserTopic> pairs) throws SQLException {
		List<Unread> answers = new ArrayList<>(pairs.size());
		int from = 0;
		while (from < pairs.size()) {
			PairLookup some = PairLookup.of(pairs, from);
			answers.addAll(some.find(session));
			from += some.size();
		}
		return answers;
	}

	/** A question begins no numbering. */
	private static Unread neverNamed(JdbcSession session, Topic topic) throws SQLException {
		Position head = JdbcStore.peek(session, topic);
		return new Unread(topic, head, 0, head.seq());
	}

	private static void check(Collection<String> users) {
		if (users.size() > MAX_USERS) {
			throw new IllegalArgumentException("At most " + MAX_USERS + " users at once, not " + users.size());
		}
		users.forEach(JdbcReadPositions::check);
	}

	private static void check(String user) {
		if (user.isEmpty() || user.length() > MAX_USER_LENGTH) {
			throw new IllegalArgumentException(
					"A user's name has 1 to " + MAX_USER_LENGTH + " characters, not " + user.length());
		}
	}

}
