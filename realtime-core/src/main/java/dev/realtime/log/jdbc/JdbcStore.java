package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.counts.jdbc.SenderCounts;
import dev.realtime.jdbc.JdbcSession;

/**
 * Numbers and stores in one transaction. It locks the topics' rows and keeps them locked
 * to the commit: so numbers become visible in their order, a rollback uses none, and a
 * reader that sees a head has everything below it. The price is that publications on one
 * topic wait for each other's commit; that is why they come in batches.
 * <p>
 * Stateless; each call is for one session's thread and blocks.
 */
public final class JdbcStore {

	private JdbcStore() {
	}

	/**
	 * Numbers, stores, remembers the ids of, and puts into the outbox.
	 * @param batch what to publish, numbered in this order
	 * @param wait whether to wait for the topics' rows, a second at most, rather than to
	 * leave out topics whose rows are locked
	 * @param now in milliseconds since 1970
	 * @return in force once the transaction is committed
	 * @throws SQLException when the transaction must be rolled back
	 */
	public static Batch store(JdbcSession session, List<Entry> batch, boolean wait, long now) throws SQLException {
		if (batch.size() == 1 && !wait && session.dialect().skipsLocked()) {
			StoredPublication stored = SingleStore.store(session, batch.get(0), false, now);
			if (stored != null) {
				return new Batch(List.of(stored), Set.of());
			}
		}
		Set<Topic> all = new TreeSet<>();
		batch.forEach((entry) -> all.add(entry.publication.topic()));
		TopicRows topics = new TopicRows(session);
		Map<Topic, TopicRow> rows = wait ? topics.lockSoon(all, now) : topics.lockFree(all, now);
		all.removeAll(rows.keySet());
		List<Entry> free = all.isEmpty() ? batch
				: batch.stream().filter((entry) -> !all.contains(entry.publication.topic())).toList();
		return new Batch(free.isEmpty() ? List.of() : store(session, free, rows, now), all);
	}

	/**
	 * Stores one as {@link #store} does, and waits for the topic's row as long as a
	 * statement may take.
	 */
	public static StoredPublication storeOne(JdbcSession session, Entry entry, long now) throws SQLException {
		StoredPublication stored = SingleStore.store(session, entry, true, now);
		return (stored != null) ? stored : store(session, List.of(entry),
				new TopicRows(session).lock(List.of(entry.publication.topic()), now), now)
			.get(0);
	}

	private static List<StoredPublication> store(JdbcSession session, List<Entry> batch, Map<Topic, TopicRow> rows,
			long now) throws SQLException {
		TopicRows topics = new TopicRows(session);
		List<Publication> publications = batch.stream().map(Entry::publication).toList();
		RememberedIds ids = new RememberedIds(session, now);
		ids.load(publications, rows);
		SenderCounts senders = new SenderCounts(session);
		senders.lock(publications, (topic) -> Objects.requireNonNull(rows.get(topic)).epoch);
		List<StoredPublication> stored = new ArrayList<>(batch.size());
		List<MessageRows.Sent> sent = new ArrayList<>(batch.size());
		for (Entry entry : batch) {
			TopicRow row = Objects.requireNonNull(rows.get(entry.publication.topic()));
			StoredPublication next = number(row, entry, ids, now);
			stored.add(next);
			if (next.message() != null) {
				String sender = entry.publication.sender();
				sent.add(new MessageRows.Sent(next.message(), sender, senders.next(entry.publication.topic(), sender)));
			}
		}
		topics.update(rows.values());
		new MessageRows(session).insert(sent);
		OutboxRows.add(session, sent.stream().map(MessageRows.Sent::message).toList(), now);
		ids.store();
		senders.store();
		return stored;
	}

	/** Takes a number that no message will carry. */
	public static Position take(JdbcSession session, Topic topic, long now) throws SQLException {
		TopicRows topics = new TopicRows(session);
		TopicRow row = Objects.requireNonNull(topics.lock(List.of(topic), now).get(topic));
		Position taken = row.take(now);
		VoidRows.add(session, row);
		topics.update(List.of(row));
		return taken;
	}

	/** The last number given; makes the topic's row if it has none. */
	public static Position current(JdbcSession session, Topic topic, long now) throws SQLException {
		return Objects.requireNonNull(new TopicRows(session).current(List.of(topic), now).get(topic)).head();
	}

	/** The topic's latest position, or that of topics without a numbering. */
	public static Position peek(JdbcSession session, Topic topic) throws SQLException {
		TopicRow row = new TopicRows(session).currentExisting(topic);
		return ((row != null) ? row : TopicRow.none(topic)).head();
	}

	private static StoredPublication number(TopicRow row, Entry entry, RememberedIds ids, long now) {
		Publication publication = entry.publication;
		PublishReceipt first = ids.receipt(publication);
		if (first != null) {
			return new StoredPublication(first, null, entry.policy, false);
		}
		Position position = row.take(now);
		row.stored(now, entry.policy.historyTime());
		long expiresAt = (publication.timeToLive() != null) ? now + publication.timeToLive().toMillis() : 0;
		TopicMessage message = new TopicMessage(publication.topic(), position, now, publication.id(),
				publication.content(), publication.excludedSession(), expiresAt);
		ids.remember(publication, message, entry.policy);
		return new StoredPublication(new PublishReceipt(publication.topic(), position, now, false), message,
				entry.policy, row.isTrimDue(entry.policy, now));
	}

	/**
	 * What became of a batch.
	 *
	 * @param stored one for each publication whose topic is not locked, in their order
	 * @param locked topics of which nothing was stored, because their rows are locked
	 */
	public record Batch(List<StoredPublication> stored, Set<Topic> locked) {
	}

	/**
	 * One publication of a batch.
	 *
	 * @param publication what to publish
	 * @param policy how its topic is kept
	 */
	public record Entry(Publication publication, TopicPolicy policy) {

		/**
		 * Checks the parts whose length the log limits.
		 * @throws IllegalArgumentException when one is too long
		 */
		public Entry {
			MessageRows.check(publication);
		}

	}

}
