package dev.realtime.unread.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UserTopic;

/**
 * Looks up pairs of users and topics: first the rows of the topics, then those of the
 * users with their topics'. In this order, because a user without a row had none when the
 * topic's was read, either: the topic's row alone tells what is unread.
 *
 * @param pairs no more topics and no more users than one statement compares with
 */
record PairLookup(List<UserTopic> pairs, Set<Topic> topics, Set<String> users) {

	/** Takes as many pairs as fit, from the given one on. */
	static PairLookup of(List<UserTopic> all, int from) {
		Set<Topic> topics = new LinkedHashSet<>();
		Set<String> users = new LinkedHashSet<>();
		int end = from;
		while (end < all.size() && topics.size() < JdbcSession.MAX_LIST && users.size() < JdbcSession.MAX_LIST) {
			topics.add(all.get(end).topic());
			users.add(all.get(end).user());
			end++;
		}
		return new PairLookup(all.subList(from, end), topics, users);
	}

	int size() {
		return this.pairs.size();
	}

	/** Returns one for each pair, in their order. */
	List<Unread> find(JdbcSession session) throws SQLException {
		Map<Topic, Unread> strangers = strangers(session);
		Map<UserTopic, Unread> known = new HashMap<>();
		for (ReadRows.Found row : ReadRows.findRead(session, this.topics, this.users)) {
			known.put(new UserTopic(Objects.requireNonNull(row.user()), row.topic()), row.state().unread(row.topic()));
		}
		List<Unread> answers = new ArrayList<>(this.pairs.size());
		for (UserTopic pair : this.pairs) {
			Unread own = known.get(pair);
			answers.add((own != null) ? own : Objects.requireNonNull(strangers.get(pair.topic())));
		}
		return answers;
	}

	/** What is unread for users who have neither read nor said anything. */
	private Map<Topic, Unread> strangers(JdbcSession session) throws SQLException {
		Map<Topic, Unread> strangers = new HashMap<>();
		ReadRows.findTopics(session, this.topics)
			.forEach((row) -> strangers.put(row.topic(), row.state().unread(row.topic())));
		for (Topic topic : this.topics) {
			if (!strangers.containsKey(topic)) {
				Position head = JdbcStore.peek(session, topic);
				strangers.put(topic, new Unread(topic, head, 0, head.seq()));
			}
		}
		return strangers;
	}

}
