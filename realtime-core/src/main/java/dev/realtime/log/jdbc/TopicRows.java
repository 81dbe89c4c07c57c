package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcDialect;
import dev.realtime.jdbc.JdbcSession;
import org.jspecify.annotations.Nullable;

/**
 * The rows of topics, in one session. Rows are locked in the order of their names, so
 * that two who lock several rarely wait for each other in a circle.
 */
public final class TopicRows {

	/** How long a locked row is waited for where others wait for the answer, in s. */
	private static final int SOON_SECONDS = 1;

	/**
	 * Ends an insert of topics' rows so that it overwrites those that are there, where
	 * that is quicker than a batch of updates.
	 */
	private static final String OVERWRITE = " ON DUPLICATE KEY UPDATE " + Stream.of(TopicRow.COLUMNS.split(", ", -1))
		.filter((column) -> !column.equals("topic") && !column.equals("epoch"))
		.map((column) -> column + " = VALUES(" + column + ")")
		.collect(Collectors.joining(", "));

	private final JdbcSession session;

	/** Those that a session sees. */
	public TopicRows(JdbcSession session) {
		this.session = session;
	}

	/**
	 * Locks the topics' rows until the transaction ends, and makes those that are
	 * missing.
	 */
	public Map<Topic, TopicRow> lock(Collection<Topic> topics, long now) throws SQLException {
		return findOrCreate(topics, now, Lock.WAIT);
	}

	/**
	 * Locks the topics' rows like {@link #lock}, but waits a second at most for each.
	 * @throws SQLException a timeout when a row stays locked
	 */
	Map<Topic, TopicRow> lockSoon(Collection<Topic> topics, long now) throws SQLException {
		return soon().lock(topics, now);
	}

	/**
	 * Locks those of the topics' rows that are not locked, and creates those that are
	 * missing. Waits a second at most for a transaction that is just making one, and for
	 * locked rows where the database cannot pass over them.
	 * @return without the topics whose rows are locked
	 */
	Map<Topic, TopicRow> lockFree(Collection<Topic> topics, long now) throws SQLException {
		SortedSet<Topic> missing = new TreeSet<>(topics);
		Map<Topic, TopicRow> free = soon().find(missing, Lock.FREE);
		missing.removeAll(free.keySet());
		if (!missing.isEmpty()) {
			missing.removeAll(find(missing, Lock.NONE).keySet());
		}
		if (!missing.isEmpty()) {
			soon().create(missing, now);
			free.putAll(soon().find(missing, Lock.FREE));
		}
		return free;
	}

	/**
	 * Locks the rows of those topics that exist and are not locked; waits a second at
	 * most where the database cannot pass over locked rows.
	 */
	public Map<Topic, TopicRow> lockFreeExisting(Collection<Topic> topics) throws SQLException {
		return soon().find(new TreeSet<>(topics), Lock.FREE);
	}

	/** Locks the rows of those topics that have one; waits a second at most for each. */
	public Map<Topic, TopicRow> lockExistingSoon(Collection<Topic> topics) throws SQLException {
		return soon().lockExisting(topics);
	}

	/** Reads the topics' rows as they are committed, and makes those that are missing. */
	Map<Topic, TopicRow> current(Collection<Topic> topics, long now) throws SQLException {
		return findOrCreate(topics, now, Lock.NONE);
	}

	/** Locks one topic's row, or answers null when it has none. */
	public @Nullable TopicRow lockExisting(Topic topic) throws SQLException {
		return find(List.of(topic), Lock.WAIT).get(topic);
	}

	/** Locks the rows of those topics that have one. */
	public Map<Topic, TopicRow> lockExisting(Collection<Topic> topics) throws SQLException {
		return find(new TreeSet<>(topics), Lock.WAIT);
	}

	/** Reads the rows of those topics that have one, as they are committed. */
	public Map<Topic, TopicRow> existing(Collection<Topic> topics) throws SQLException {
		return find(new TreeSet<>(topics), Lock.NONE);
	}

	/** Reads one topic's row as it is committed, or answers null when it has none. */
	public @Nullable TopicRow currentExisting(Topic topic) throws SQLException {
		return find(List.of(topic), Lock.NONE).get(topic);
	}

	/** Writes back rows that are locked. */
	public void update(Collection<TopicRow> rows) throws SQLException {
		if (this.session.dialect().family() == JdbcDialect.Family.MYSQL && rows.size() > 1) {
			// one statement for many: the rows are there and locked, so none is inserted
			var unused = this.session.insert("INSERT INTO ", "realtime_topic (" + TopicRow.COLUMNS + ")", OVERWRITE,
					rows.stream().map(TopicRow::all).toList());
			return;
		}
		this.session.batch(
				"UPDATE realtime_topic SET last_seq = ?, first_seq = ?, kept = ?, first_at = ?, expires_at = ?, "
						+ "sweep_at = ?, updated_at = ?, history = ?, voids = ? WHERE topic = ?",
				rows.stream().map(TopicRow::changed).toList());
	}

	/** Removes the row of a topic. */
	public void delete(Topic topic) throws SQLException {
		this.session.update("DELETE FROM realtime_topic WHERE topic = ?", topic.name());
	}

	private Map<Topic, TopicRow> findOrCreate(Collection<Topic> topics, long now, Lock lock) throws SQLException {
		SortedSet<Topic> missing = new TreeSet<>(topics);
		if (lock == Lock.WAIT && this.session.dialect().locksGaps()) {
			// locking rows that are not there would keep others from making any near them
			missing.removeAll(find(missing, Lock.NONE).keySet());
			if (!missing.isEmpty()) {
				create(missing, now);
			}
			missing.addAll(topics);
		}
		Map<Topic, TopicRow> found = find(missing, lock);
		missing.removeAll(found.keySet());
		if (!missing.isEmpty()) {
			create(missing, now);
			found.putAll(find(missing, lock));
			missing.removeAll(found.keySet());
			if (!missing.isEmpty()) {
				throw new SQLException("The row of topic \"" + missing.first() + "\" is gone again", "40001");
			}
		}
		return found;
	}

	private Map<Topic, TopicRow> find(Collection<Topic> topics, Lock lock) throws SQLException {
		Map<Topic, TopicRow> found = new HashMap<>();
		String locking = switch (lock) {
			case NONE -> "";
			case WAIT -> " FOR UPDATE";
			case FREE -> this.session.dialect().forUpdateSkipLocked();
		};
		List<String> names = topics.stream().map(Topic::name).toList();
		for (int from = 0; from < names.size(); from += JdbcSession.MAX_LIST) {
			List<String> some = JdbcSession
				.padded(names.subList(from, Math.min(names.size(), from + JdbcSession.MAX_LIST)));
			String sql = "SELECT " + TopicRow.COLUMNS + " FROM realtime_topic WHERE topic IN ("
					+ JdbcSession.marks(some.size()) + ") ORDER BY topic" + locking;
			this.session.query(sql, TopicRow::read, some.toArray()).forEach((row) -> found.put(row.topic, row));
		}
		return found;
	}

	private TopicRows soon() {
		return new TopicRows(this.session.within(SOON_SECONDS));
	}

	/** Whoever comes second finds the row of whoever came first. */
	private void create(SortedSet<Topic> topics, long now) throws SQLException {
		List<@Nullable Object[]> rows = new ArrayList<>();
		topics
			.forEach((topic) -> rows.add(TopicRow.fresh(topic, now, this.session.environment().secureRandom()).all()));
		this.session.insertMissing("realtime_topic", 1, TopicRow.COLUMNS, rows);
	}

	private enum Lock {

		/** Reads what is committed. */
		NONE,

		/** Waits for rows that others have locked. */
		WAIT,

		/** Passes over rows that others have locked, where the database can. */
		FREE

	}

}
