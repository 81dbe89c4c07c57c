package dev.realtime.numbering.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.realtime.PublishReceipt;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.log.jdbc.RememberedIds;
import dev.realtime.log.jdbc.RememberedIds.Remembered;
import org.jspecify.annotations.Nullable;

/**
 * The ids that were published, where no lock of the topic's row keeps others from
 * publishing the same one: the row's key decides. Who comes second waits for the first
 * one's commit and gets its receipt; after a rollback the id is free again.
 */
final class ClaimedIds {

	private static final String COLUMNS = "topic, message_id, epoch, seq, published_at, remembered_until";

	private static final Comparator<RememberedIds.Key> ORDER = Comparator.comparing(RememberedIds.Key::topic)
		.thenComparing(RememberedIds.Key::column);

	private final JdbcSession session;

	private final long now;

	ClaimedIds(JdbcSession session, long now) {
		this.session = session;
		this.now = now;
	}

	/**
	 * Claims the ids of messages, in the order of their keys, so that two who claim
	 * several rarely wait for each other in a circle.
	 * @param messages by their ids, and until when each is remembered
	 * @param forgotten rows to be removed first
	 * @return the receipts of ids that belong to somebody else
	 * @throws SQLException also when such an id has just been forgotten: a conflict
	 */
	Map<RememberedIds.Key, PublishReceipt> claim(Map<RememberedIds.Key, Claim> messages, List<Remembered> forgotten)
			throws SQLException {
		if (messages.isEmpty()) {
			return Map.of();
		}
		this.session.batch(
				"DELETE FROM realtime_idempotency WHERE topic = ? AND message_id = ? AND epoch = ? " + "AND seq = ?",
				forgotten.stream().map(ClaimedIds::exactly).toList());
		Map<RememberedIds.Key, Claim> sorted = new TreeMap<>(ORDER);
		sorted.putAll(messages);
		List<@Nullable Object[]> rows = new ArrayList<>();
		sorted.forEach((key, claim) -> rows.add(row(key, claim)));
		int claimed = Claims.insertMissing(this.session, "realtime_idempotency (" + COLUMNS + ")", rows);
		return (claimed == rows.size()) ? Map.of() : lost(sorted);
	}

	private Map<RememberedIds.Key, PublishReceipt> lost(Map<RememberedIds.Key, Claim> claims) throws SQLException {
		Map<RememberedIds.Key, PublishReceipt> owners = new HashMap<>();
		// locked, because a snapshot may be older than what was just met
		for (Remembered found : new RememberedIds(this.session, this.now).find(List.copyOf(claims.keySet()), true)) {
			String epoch = Objects.requireNonNull(claims.get(found.key())).message.position().epoch();
			if (found.counts(epoch, this.now)) {
				owners.put(found.key(), found.receipt());
			}
		}
		if (owners.size() < claims.size()) {
			throw new SQLException("The record of a message id expired while the message was published again", "40001");
		}
		claims.forEach((key, claim) -> owners.computeIfPresent(key,
				(same, owner) -> owner.position().equals(claim.message.position()) ? null : owner));
		return owners;
	}

	private static @Nullable Object[] row(RememberedIds.Key key, Claim claim) {
		TopicMessage message = claim.message;
		return new @Nullable Object[] { key.topic().name(), key.column(), message.position().epoch(), message.seq(),
				message.timestamp(), claim.until };
	}

	private static @Nullable Object[] exactly(Remembered row) {
		return new @Nullable Object[] { row.key().topic().name(), row.key().column(), row.receipt().position().epoch(),
				row.receipt().position().seq() };
	}

	/** A message, and until when its id is remembered, in milliseconds since 1970. */
	record Claim(TopicMessage message, long until) {
	}

}
