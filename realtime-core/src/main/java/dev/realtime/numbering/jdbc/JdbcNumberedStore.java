package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.log.jdbc.MessageRows;
import dev.realtime.log.jdbc.OutboxRows;
import dev.realtime.log.jdbc.MessageLocation;
import dev.realtime.log.jdbc.RememberedIds;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.log.jdbc.TopicRow;
import dev.realtime.log.jdbc.TopicRows;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages whose numbers come from a counter outside the database, so that many
 * transactions on one topic can be open at the same time. The row with the key (topic,
 * epoch, seq) is what gives a number to somebody, whatever the counter says; and a number
 * up to the topic's head was somebody's, even when its row is trimmed.
 * <p>
 * Without a counter it numbers by the log, as {@link JdbcStore} does: it locks the
 * topics' rows first and goes on behind the highest row.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
final class JdbcNumberedStore {

	private JdbcNumberedStore() {
	}

	/**
	 * Looks up epochs and ids, so that a publication that is a duplicate needs no number.
	 * Makes the rows of topics that have none; in a transaction those stay locked to its
	 * end.
	 */
	static Draft draft(JdbcSession session, List<JdbcStore.Entry> batch, long now) throws SQLException {
		List<Publication> publications = batch.stream().map(JdbcStore.Entry::publication).toList();
		Map<Topic, TopicRow> rows = rows(session, publications.stream().map(Publication::topic).toList(), now);
		List<RememberedIds.Key> ids = publications.stream()
			.filter((publication) -> publication.id() != null)
			.map(RememberedIds::key)
			.distinct()
			.toList();
		return new Draft(batch, rows, new RememberedIds(session, now).find(ids, false), now);
	}

	/** The numbering of one topic, before a number is taken from it for no message. */
	static Draft.Demand demand(JdbcSession session, Topic topic, long now) throws SQLException {
		TopicRow row = Objects.requireNonNull(rows(session, List.of(topic), now).get(topic));
		return new Draft.Demand(topic, row.head(), 1);
	}

	/**
	 * The highest number that the log knows in the epoch of a demand. A transaction with
	 * a snapshot may know less than there is.
	 */
	static long highest(JdbcSession session, Draft.Demand demand) throws SQLException {
		TopicRow row = new TopicRows(session).currentExisting(demand.topic());
		return (row != null && row.head().sameEpoch(demand.head())) ? new MessageRows(session).highest(row) : 0;
	}

	/**
	 * Stores in a transaction of its own and moves the heads, whose rows it locks at the
	 * end. It waits a second at most for a locked row, and not at all for those of topics
	 * that are known to be stuck: it passes over their heads, which are then to be moved
	 * after its commit.
	 * @param numbers the first number of each topic that needs some, or null when there
	 * is no counter
	 * @param above for each topic the number that its numbers must exceed when there is
	 * no counter
	 * @param stuck topics whose rows another transaction keeps locked
	 * @throws NumberTakenException when other numbers must be taken
	 * @throws SQLException when the transaction must be rolled back
	 */
	static Stored store(JdbcSession session, Draft draft, @Nullable Map<Topic, Long> numbers, Map<Topic, Long> above,
			Set<Topic> stuck, long now) throws SQLException {
		Map<Topic, Long> firsts = (numbers != null) ? numbers : lockAndNumber(session, draft.demands(), above);
		SortedMap<Integer, TopicMessage> messages = draft.messages(firsts, now);
		if (!new Claims(session).claim(draft.sent(messages))) {
			throw new NumberTakenException();
		}
		Inserted inserted = claimIds(session, draft, messages, now);
		TopicRows topics = new TopicRows(session);
		Set<Topic> waited = new HashSet<>(draft.topics());
		waited.removeAll(stuck);
		Set<Topic> passed = new HashSet<>(draft.topics());
		passed.removeAll(waited);
		Map<Topic, TopicRow> locked = topics.lockExistingSoon(waited);
		if (!passed.isEmpty()) {
			locked.putAll(topics.lockFreeExisting(passed));
		}
		Map<Topic, TopicRow> rows = new HashMap<>(locked);
		passed.removeAll(locked.keySet());
		if (!passed.isEmpty()) {
			// looked at after the messages were inserted: their numbers are theirs now,
			// or
			// the head was beyond them before
			rows.putAll(topics.existing(passed));
		}
		if (!areOpen(messages.values(), rows)) {
			throw new NumberTakenException();
		}
		JdbcSettling.Outcome settled = JdbcSettling.settle(session, locked, draft.policies(), now);
		Set<Topic> unsettled = new HashSet<>(settled.holes().keySet());
		unsettled.addAll(passed);
		return stored(draft, inserted, settled.trimDue(), unsettled, passed);
	}

	/**
	 * Stores in a transaction of the caller's, and locks no topic; the heads are moved
	 * after its commit.
	 * @param database tells where the heads are if the transaction sees old rows
	 * @param numbers as for {@link #store}
	 * @param above as for {@link #store}
	 * @return null when other numbers must be taken; the transaction is as it was
	 * @throws SQLException when the transaction must be rolled back
	 */
	static @Nullable Stored storeOpen(JdbcSession session, JdbcDatabase database, Draft draft,
			@Nullable Map<Topic, Long> numbers, Map<Topic, Long> above, long now) throws SQLException {
		Map<Topic, Long> firsts = (numbers != null) ? numbers : lockAndNumber(session, draft.demands(), above);
		SortedMap<Integer, TopicMessage> messages = draft.messages(firsts, now);
		Claims claims = new Claims(session);
		keepTopics(session, draft, now);
		if (!claims.claim(draft.sent(messages))) {
			return null;
		}
		// looked at after the rows were inserted: a number up to the head was somebody's
		Map<Topic, TopicRow> rows = new TopicRows(session).existing(draft.topics());
		if (session.seesOldRows()) {
			// what the transaction has made itself is not there
			rows.putAll(database.read((fresh) -> new TopicRows(fresh).existing(draft.topics())));
		}
		if (!areOpen(messages.values(), rows)) {
			for (TopicMessage message : messages.values()) {
				claims.withdraw(MessageLocation.of(message));
			}
			return null;
		}
		return stored(draft, claimIds(session, draft, messages, now), Set.of(), Set.of(), Set.of());
	}

	/**
	 * Makes a number void and moves the head, in a transaction of its own.
	 * @param numbers as for {@link #store}
	 * @param above as for {@link #store}
	 * @throws NumberTakenException when another number must be taken
	 */
	static Taken take(JdbcSession session, Draft.Demand demand, @Nullable Map<Topic, Long> numbers,
			Map<Topic, Long> above, long now) throws SQLException {
		Topic topic = demand.topic();
		Map<Topic, Long> firsts = (numbers != null) ? numbers : lockAndNumber(session, List.of(demand), above);
		Position position = demand.head().withSeq(Objects.requireNonNull(firsts.get(topic)));
		MessageLocation place = new MessageLocation(topic, position);
		Map<Topic, TopicRow> locked = new HashMap<>();
		boolean claimed = new Claims(session).claimVoid(place, now);
		if (claimed) {
			locked.putAll(new TopicRows(session).lockExisting(List.of(topic)));
		}
		if (!claimed || !isOpen(position, locked.get(topic))) {
			throw new NumberTakenException();
		}
		JdbcSettling.Outcome settled = JdbcSettling.settle(session, locked, Map.of(), now);
		return new Taken(position, settled.holes().containsKey(topic));
	}

	/** A row that exists is not locked; one that does not is made. */
	private static Map<Topic, TopicRow> rows(JdbcSession session, Collection<Topic> topics, long now)
			throws SQLException {
		TopicRows all = new TopicRows(session);
		Map<Topic, TopicRow> rows = new HashMap<>(all.existing(topics));
		List<Topic> missing = topics.stream().filter((topic) -> !rows.containsKey(topic)).distinct().toList();
		if (!missing.isEmpty()) {
			// locked, because a snapshot may be older than a row that somebody else made
			rows.putAll(all.lock(missing, now));
		}
		return rows;
	}

	/** Numbers by the log; others who do are kept out to the end of the transaction. */
	private static Map<Topic, Long> lockAndNumber(JdbcSession session, List<Draft.Demand> demands,
			Map<Topic, Long> above) throws SQLException {
		Map<Topic, TopicRow> locked = new TopicRows(session)
			.lockExisting(demands.stream().map(Draft.Demand::topic).toList());
		Map<Topic, Long> firsts = new HashMap<>();
		for (Draft.Demand demand : demands) {
			TopicRow row = locked.get(demand.topic());
			if (row == null || !row.head().sameEpoch(demand.head())) {
				throw new NumberTakenException();
			}
			firsts.put(row.topic(),
					Math.max(new MessageRows(session).highest(row), above.getOrDefault(row.topic(), 0L)) + 1);
		}
		return firsts;
	}

	/**
	 * The row of a topic on which nothing was published is removed some time: not now.
	 */
	private static void keepTopics(JdbcSession session, Draft draft, long now) throws SQLException {
		long unused = TopicRow.UNUSED.toMillis();
		for (Topic topic : draft.topics()) {
			TopicRow row = draft.row(topic);
			if (row.lastSeq() == 0 && row.sweepAt() < now + unused / 2) {
				session.update("UPDATE realtime_topic SET sweep_at = ? WHERE topic = ?", now + unused, topic.name());
			}
		}
	}

	private static Inserted claimIds(JdbcSession session, Draft draft, Map<Integer, TopicMessage> messages, long now)
			throws SQLException {
		Map<RememberedIds.Key, ClaimedIds.Claim> ids = new HashMap<>();
		messages.forEach((i, message) -> {
			RememberedIds.Key key = draft.key(i);
			if (key != null) {
				long window = draft.entries.get(i).policy().idempotencyWindow().toMillis();
				ids.put(key, new ClaimedIds.Claim(message, now + window));
			}
		});
		Map<RememberedIds.Key, PublishReceipt> lost = new ClaimedIds(session, now).claim(ids, draft.forgotten);
		Set<MessageLocation> given = new HashSet<>();
		ids.forEach((key, claim) -> {
			if (lost.containsKey(key)) {
				given.add(MessageLocation.of(claim.message()));
			}
		});
		new Claims(session).giveUp(given);
		List<TopicMessage> published = messages.values()
			.stream()
			.filter((message) -> !given.contains(MessageLocation.of(message)))
			.toList();
		OutboxRows.add(session, published, now);
		return new Inserted(messages, lost);
	}

	private static boolean areOpen(Collection<TopicMessage> messages, Map<Topic, TopicRow> rows) {
		return messages.stream().allMatch((message) -> isOpen(message.position(), rows.get(message.topic())));
	}

	private static boolean isOpen(Position position, @Nullable TopicRow row) {
		return row != null && row.head().sameEpoch(position) && position.seq() > row.lastSeq();
	}

	private static Stored stored(Draft draft, Inserted inserted, Set<Topic> trimDue, Set<Topic> unsettled,
			Set<Topic> passed) {
		Map<Topic, Position> last = new HashMap<>();
		inserted.messages.values().forEach((message) -> last.put(message.topic(), message.position()));
		return new Stored(draft.stored(inserted.messages, inserted.lost, trimDue), last, unsettled, passed);
	}

	/**
	 * What was stored; in force once the transaction is committed.
	 *
	 * @param publications one for each of the draft, in order
	 * @param last the highest number of each topic
	 * @param unsettled the topics whose head was not moved to the last number
	 * @param passed those of them whose rows were locked
	 */
	record Stored(List<StoredPublication> publications, Map<Topic, Position> last, Set<Topic> unsettled,
			Set<Topic> passed) {
	}

	/**
	 * A number that no message carries.
	 *
	 * @param position the number
	 * @param unsettled whether the topic's head waits for numbers of others
	 */
	record Taken(Position position, boolean unsettled) {
	}

	private record Inserted(Map<Integer, TopicMessage> messages, Map<RememberedIds.Key, PublishReceipt> lost) {
	}

}
