package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import org.jspecify.annotations.Nullable;

/**
 * The ids that were published, in one session that holds the locks of their topics' rows:
 * so nobody else can publish one of them meanwhile. An id counts in its own epoch only,
 * because its message went with that.
 */
public final class RememberedIds {

	private static final int CHUNK = 128;

	private final JdbcSession session;

	private final long now;

	private final Map<Key, PublishReceipt> receipts = new HashMap<>();

	private final List<@Nullable Object[]> fresh = new ArrayList<>();

	/**
	 * Those that a session sees.
	 * @param now in milliseconds since 1970
	 */
	public RememberedIds(JdbcSession session, long now) {
		this.session = session;
		this.now = now;
	}

	/** Looks all ids up at once. */
	void load(Collection<Publication> publications, Map<Topic, TopicRow> rows) throws SQLException {
		List<Key> keys = publications.stream()
			.filter((publication) -> publication.id() != null)
			.map(RememberedIds::key)
			.distinct()
			.toList();
		List<@Nullable Object[]> forgotten = new ArrayList<>();
		for (int from = 0; from < keys.size(); from += CHUNK) {
			List<Key> some = JdbcSession.padded(keys.subList(from, Math.min(keys.size(), from + CHUNK)));
			for (Remembered found : findSome(some, false)) {
				TopicRow row = Objects.requireNonNull(rows.get(found.key.topic));
				if (found.counts(row.epoch, this.now)) {
					this.receipts.put(found.key, found.receipt);
				}
				else {
					forgotten.add(new @Nullable Object[] { found.key.topic.name(), found.key.column });
				}
			}
		}
		this.session.batch("DELETE FROM realtime_idempotency WHERE topic = ? AND message_id = ?", forgotten);
	}

	/** The receipt of an id's first time, or null. */
	@Nullable PublishReceipt receipt(Publication publication) {
		return (publication.id() != null) ? this.receipts.get(key(publication)) : null;
	}

	void remember(Publication publication, TopicMessage message, TopicPolicy policy) {
		if (publication.id() != null) {
			Key key = key(publication);
			this.receipts.put(key, new PublishReceipt(message.topic(), message.position(), message.timestamp(), true));
			this.fresh.add(new @Nullable Object[] { key.topic.name(), key.column, message.position().epoch(),
					message.seq(), message.timestamp(), this.now + policy.idempotencyWindow().toMillis() });
		}
	}

	/** Writes what was remembered. */
	void store() throws SQLException {
		this.session.insert("realtime_idempotency (topic, message_id, epoch, seq, published_at, remembered_until)",
				this.fresh);
	}

	/** The rows of the ids as they are committed, locked if so wanted. */
	public List<Remembered> find(List<Key> keys, boolean lock) throws SQLException {
		List<Remembered> found = new ArrayList<>();
		for (int from = 0; from < keys.size(); from += CHUNK) {
			found.addAll(findSome(JdbcSession.padded(keys.subList(from, Math.min(keys.size(), from + CHUNK))), lock));
		}
		return found;
	}

	private List<Remembered> findSome(List<Key> keys, boolean lock) throws SQLException {
		return this.session
			.query("SELECT topic, message_id, epoch, seq, published_at, remembered_until FROM realtime_idempotency "
					+ "WHERE (topic, message_id) IN (" + String.join(", ", Collections.nCopies(keys.size(), "(?, ?)"))
					+ ")" + (lock ? " FOR UPDATE" : ""), (row) -> {
						Topic topic = Topic.of(row.getString(1));
						return new Remembered(
								new Key(topic, row.getString(2)), new PublishReceipt(topic,
										new Position(row.getString(3), row.getLong(4)), row.getLong(5), true),
								row.getLong(6));
					}, keys.stream().flatMap((key) -> Stream.of(key.topic.name(), key.column)).toArray());
	}

	/** The id of a publication that has one. */
	public static Key key(Publication publication) {
		return new Key(publication.topic(), Objects.requireNonNull(EscapedText.write(publication.idempotencyKey())));
	}

	/** An id as it stands in its column. */
	public record Key(Topic topic, String column) {
	}

	/** An id with the receipt of its first time, and until when it counts. */
	public record Remembered(Key key, PublishReceipt receipt, long until) {

		/** Whether the id is still remembered, in the epoch that is. */
		public boolean counts(String epoch, long now) {
			return this.until > now && this.receipt.position().epoch().equals(epoch);
		}

	}

}
