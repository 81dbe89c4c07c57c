package dev.realtime.numbering.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.counts.jdbc.SenderCounts;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.TopicRow;
import dev.realtime.log.jdbc.TopicRows;
import dev.realtime.log.jdbc.VoidRows;
import org.jspecify.annotations.Nullable;

/**
 * Moves a topic's head where a counter numbers: to the last number before the first one
 * that no committed row has. Whoever commits a message does it in the same transaction,
 * or tries right afterwards; so once all transactions below a number are committed and
 * have tried, that number is settled.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
public final class JdbcSettling {

	/** Most numbers that are made void at once. */
	private static final int MAX_VOID = 1_000;

	/** How long an open transaction is waited for that has one of the numbers, in s. */
	private static final int VOID_SECONDS = 1;

	private static final int TOPICS = 32;

	private static final int MAX_ROWS = 1_000;

	static final String BEYOND = "(SELECT topic, seq, published_at, expires_at, sender FROM realtime_message "
			+ "WHERE topic = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT " + MAX_ROWS + ")";

	private JdbcSettling() {
	}

	/**
	 * Whether there is a row beyond the topic's head, or the head is no longer the one
	 * that was seen, because somebody has moved it meanwhile.
	 */
	static boolean isDue(JdbcSession session, Topic topic, Position seen) throws SQLException {
		TopicRow row = new TopicRows(session).currentExisting(topic);
		return row != null && (!row.head().equals(seen) || !session
			.query("SELECT seq FROM realtime_message WHERE topic = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT 1",
					(found) -> found.getLong(1), topic.name(), row.epoch(), row.lastSeq())
			.isEmpty());
	}

	/**
	 * Moves the heads; locks the topics' rows to the commit, and waits a second at most
	 * for each.
	 * @param topics which, each with how it is kept, or null where that is not known
	 * @throws SQLException a timeout when a row stays locked
	 */
	public static Outcome settle(JdbcSession session, Map<Topic, @Nullable TopicPolicy> topics, long now)
			throws SQLException {
		return settle(session, new TopicRows(session).lockExistingSoon(topics.keySet()), topics, now);
	}

	/**
	 * Returns those of the topics that have a row which no other transaction has locked.
	 */
	public static Set<Topic> free(JdbcSession session, Set<Topic> topics) throws SQLException {
		return new TopicRows(session).lockFreeExisting(topics).keySet();
	}

	/** Returns those of the topics whose rows other transactions have locked. */
	static Set<Topic> locked(JdbcSession session, Set<Topic> topics) throws SQLException {
		TopicRows rows = new TopicRows(session);
		Set<Topic> others = new HashSet<>(topics);
		others.removeAll(rows.lockFreeExisting(topics).keySet());
		return rows.existing(others).keySet();
	}

	/**
	 * Moves the heads as {@link #settle} does, and passes over topics whose rows are
	 * locked, where the database can.
	 */
	static Outcome settleFree(JdbcSession session, Map<Topic, @Nullable TopicPolicy> topics, long now)
			throws SQLException {
		TopicRows rows = new TopicRows(session);
		Map<Topic, TopicRow> free = rows.lockFreeExisting(topics.keySet());
		Set<Topic> others = new HashSet<>(topics.keySet());
		others.removeAll(free.keySet());
		Outcome settled = settle(session, free, topics, now);
		return others.isEmpty() ? settled : new Outcome(settled.holes, settled.trimDue, rows.existing(others).keySet());
	}

	/**
	 * Makes the numbers of a hole void, unless they belong to somebody by now. Waits for
	 * an open transaction that has one of them.
	 * @throws SQLException a timeout when that stays open
	 */
	public static void fill(JdbcSession session, Hole hole, long now) throws SQLException {
		makeVoid(session, hole.places(MAX_VOID), now);
	}

	/** Makes numbers void that belong to nobody and are not settled, as {@link #fill}. */
	static void makeVoid(JdbcSession session, Collection<MessageLocation> places, long now) throws SQLException {
		List<MessageLocation> free = new ArrayList<>();
		Map<Topic, TopicRow> rows = new HashMap<>();
		for (MessageLocation place : places) {
			if (!rows.containsKey(place.topic())) {
				TopicRow row = new TopicRows(session).currentExisting(place.topic());
				if (row != null) {
					rows.put(place.topic(), row);
				}
			}
			TopicRow row = rows.get(place.topic());
			if (row != null && row.head().sameEpoch(place.position()) && place.position().seq() > row.lastSeq()) {
				free.add(place);
			}
		}
		new Claims(session.within(VOID_SECONDS)).claimFree(free, now);
	}

	static Outcome settle(JdbcSession session, Map<Topic, TopicRow> locked,
			Map<Topic, ? extends @Nullable TopicPolicy> policies, long now) throws SQLException {
		Map<Topic, Hole> holes = new HashMap<>();
		Set<TopicRow> moved = new HashSet<>();
		locked.values().forEach((row) -> {
			TopicPolicy policy = policies.get(row.topic());
			if (policy != null && row.keepsFor(policy.historyTime())) {
				moved.add(row);
			}
		});
		List<Beyond> named = new ArrayList<>();
		List<TopicRow> open = List.copyOf(locked.values());
		while (!open.isEmpty()) {
			Map<Topic, Integer> seen = new HashMap<>();
			for (Beyond next : beyond(session, open)) {
				TopicRow row = locked.get(next.topic);
				seen.merge(next.topic, 1, Integer::sum);
				if (row != null && next.seq == row.lastSeq() + 1) {
					row.settled(next.publishedAt, next.isVoid);
					moved.add(row);
					if (next.isVoid) {
						VoidRows.add(session, row);
					}
					else if (next.sender != null) {
						named.add(next);
					}
				}
				else if (row != null && next.seq > row.lastSeq()) {
					holes.putIfAbsent(row.topic(), new Hole(row.topic(), row.head(), next.seq - 1, next.publishedAt));
				}
			}
			open = open.stream()
				.filter((row) -> seen.getOrDefault(row.topic(), 0) >= MAX_ROWS && !holes.containsKey(row.topic()))
				.toList();
		}
		count(session, named, locked);
		new TopicRows(session).update(moved);
		Set<Topic> trimDue = new HashSet<>();
		locked.values().forEach((row) -> {
			TopicPolicy policy = policies.get(row.topic());
			if (policy != null && row.isTrimDue(policy, now)) {
				trimDue.add(row.topic());
			}
		});
		return new Outcome(holes, trimDue, Set.of());
	}

	/** A sender's messages are counted in the order of their numbers: now it is known. */
	private static void count(JdbcSession session, List<Beyond> named, Map<Topic, TopicRow> rows) throws SQLException {
		SenderCounts senders = new SenderCounts(session);
		Set<SenderCounts.Key> keys = new LinkedHashSet<>();
		for (Beyond next : named) {
			keys.add(new SenderCounts.Key(next.topic, Objects.requireNonNull(next.sender)));
		}
		senders.lock(keys, (topic) -> Objects.requireNonNull(rows.get(topic)).epoch());
		List<@Nullable Object[]> counts = new ArrayList<>();
		for (Beyond next : named) {
			counts.add(new @Nullable Object[] { senders.next(next.topic, next.sender), next.topic.name(),
					Objects.requireNonNull(rows.get(next.topic)).epoch(), next.seq });
		}
		session.batch("UPDATE realtime_message SET sender_count = ? WHERE topic = ? AND epoch = ? AND seq = ?", counts);
		senders.store();
	}

	private static List<Beyond> beyond(JdbcSession session, List<TopicRow> rows) throws SQLException {
		List<Beyond> all = new ArrayList<>();
		for (int from = 0; from < rows.size(); from += TOPICS) {
			List<TopicRow> some = JdbcSession.padded(rows.subList(from, Math.min(rows.size(), from + TOPICS)));
			Object[] parameters = some.stream()
				.flatMap((row) -> List.<Object>of(row.topic().name(), row.epoch(), row.lastSeq()).stream())
				.toArray();
			all.addAll(session.query(String.join(" UNION ALL ", Collections.nCopies(some.size(), BEYOND)), Beyond::read,
					parameters));
		}
		// no database owes us the order of the parts, and the last one may be there twice
		return all.stream().distinct().sorted(Beyond.ORDER).toList();
	}

	/**
	 * What came of it.
	 *
	 * @param holes the topics whose head waits for a number
	 * @param trimDue the topics that it is time to trim
	 * @param locked the topics that were passed over because their rows are locked
	 */
	public record Outcome(Map<Topic, Hole> holes, Set<Topic> trimDue, Set<Topic> locked) {
	}

	private record Beyond(Topic topic, long seq, long publishedAt, boolean isVoid, @Nullable String sender) {

		static final Comparator<Beyond> ORDER = Comparator.comparing(Beyond::topic).thenComparing(Beyond::seq);

		static Beyond read(ResultSet row) throws SQLException {
			return new Beyond(Topic.of(row.getString(1)), row.getLong(2), row.getLong(3),
					row.getLong(4) == MessageRows.VOID, EscapedText.read(row.getString(5)));
		}

	}

}
