package dev.realtime.counts.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.jdbc.JdbcSession;
import org.jspecify.annotations.Nullable;

/**
 * Counts each user's own messages on a topic, in the rows that also tell how far the user
 * has read. Rows are locked after their topics' rows, and to the commit: so a count and
 * the messages that it counts become visible together. For one thread and one batch.
 */
public final class SenderCounts {

	private static final int MAX_KEYS = 128;

	private final JdbcSession session;

	private final Map<Key, Count> counts = new HashMap<>();

	/** Those that a session sees. */
	public SenderCounts(JdbcSession session) {
		this.session = session;
	}

	/**
	 * Locks the rows of all senders, and makes those that are missing.
	 * @param epochs tells each topic's epoch
	 */
	public void lock(List<Publication> publications, Function<Topic, String> epochs) throws SQLException {
		Set<Key> keys = new LinkedHashSet<>();
		for (Publication publication : publications) {
			if (publication.sender() != null) {
				keys.add(new Key(publication.topic(), publication.sender()));
			}
		}
		lock(keys, epochs);
	}

	/**
	 * Locks these rows, and makes those that are missing.
	 * @param epochs tells each topic's epoch
	 */
	public void lock(Set<Key> keys, Function<Topic, String> epochs) throws SQLException {
		Set<Key> missing = new LinkedHashSet<>(keys);
		if (missing.isEmpty()) {
			return;
		}
		List<Key> all = List.copyOf(missing);
		if (this.session.dialect().locksGaps()) {
			// two who lock the gap where their rows are to come could both insert nothing
			missing.removeAll(find(all, epochs, false).keySet());
		}
		else {
			this.counts.putAll(find(all, epochs, true));
			missing.removeAll(this.counts.keySet());
		}
		create(missing, epochs);
		if (this.counts.size() < all.size()) {
			this.counts.putAll(find(all, epochs, true));
		}
	}

	/** Counts one more message; 0 for none who is named. */
	public long next(Topic topic, @Nullable String sender) {
		return (sender != null) ? ++Objects.requireNonNull(this.counts.get(new Key(topic, sender))).own : 0;
	}

	/** Writes the counts. A row of an older epoch begins anew. */
	public void store() throws SQLException {
		List<@Nullable Object[]> counted = new ArrayList<>();
		List<@Nullable Object[]> renewed = new ArrayList<>();
		this.counts.forEach((key, count) -> (count.renewed ? renewed : counted)
			.add(new @Nullable Object[] { count.epoch, count.own, key.user(), key.topic.name() }));
		this.session.batch("UPDATE realtime_read SET epoch = ?, own = ? WHERE user_name = ? AND topic = ?", counted);
		this.session.batch("UPDATE realtime_read SET epoch = ?, own = ?, read_seq = 0, read_own = 0, read_voids = 0 "
				+ "WHERE user_name = ? AND topic = ?", renewed);
	}

	/** The statement that looks for so many users' counts. */
	static String select(int keys) {
		return "SELECT user_name, topic, epoch, own FROM realtime_read WHERE (user_name, topic) IN ("
				+ String.join(", ", Collections.nCopies(keys, "(?, ?)")) + ")";
	}

	private Map<Key, Count> find(List<Key> keys, Function<Topic, String> epochs, boolean lock) throws SQLException {
		Map<Key, Count> found = new HashMap<>();
		for (int from = 0; from < keys.size(); from += MAX_KEYS) {
			List<Key> some = JdbcSession.padded(keys.subList(from, Math.min(keys.size(), from + MAX_KEYS)));
			String sql = select(some.size()) + (lock ? " FOR UPDATE" : "");
			Object[] parameters = some.stream().flatMap((key) -> Stream.of(key.user(), key.topic.name())).toArray();
			for (Found row : this.session.query(sql, SenderCounts::read, parameters)) {
				String epoch = epochs.apply(row.key.topic);
				boolean current = row.epoch.equals(epoch);
				found.put(row.key, new Count(epoch, current ? row.own : 0, !current));
			}
		}
		return found;
	}

	private void create(Set<Key> keys, Function<Topic, String> epochs) throws SQLException {
		if (keys.isEmpty()) {
			return;
		}
		List<@Nullable Object[]> rows = new ArrayList<>();
		for (Key key : keys) {
			rows.add(new @Nullable Object[] { key.user(), key.topic.name(), epochs.apply(key.topic), 0, 0, 0, 0 });
		}
		this.session.insertMissing("realtime_read", 2, "user_name, topic, epoch, read_seq, read_own, read_voids, own",
				rows);
	}

	private static Found read(ResultSet row) throws SQLException {
		String user = Objects.requireNonNull(EscapedText.read(row.getString(1)));
		return new Found(new Key(Topic.of(row.getString(2)), user), row.getString(3), row.getLong(4));
	}

	/** A user on a topic. */
	public record Key(Topic topic, String sender) {

		/** As it stands in its column. */
		String user() {
			return Objects.requireNonNull(EscapedText.write(this.sender));
		}

	}

	private record Found(Key key, String epoch, long own) {
	}

	private static final class Count {

		private final String epoch;

		private final boolean renewed;

		private long own;

		Count(String epoch, long own, boolean renewed) {
			this.epoch = epoch;
			this.own = own;
			this.renewed = renewed;
		}

	}

}
