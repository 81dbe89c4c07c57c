package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The rows of topics, in one session. Rows are locked in the order of their names, so
 * that two who lock several rarely wait for each other in a circle.
 */
final class TopicRows {

	private final JdbcSession session;

	TopicRows(JdbcSession session) {
		this.session = session;
	}

	/**
	 * Locks the topics' rows until the transaction ends, and makes those that are
	 * missing.
	 */
	Map<Topic, TopicRow> lock(Collection<Topic> topics, long now) throws SQLException {
		return findOrCreate(topics, now, true);
	}

	/** Reads the topics' rows as they are committed, and makes those that are missing. */
	Map<Topic, TopicRow> current(Collection<Topic> topics, long now) throws SQLException {
		return findOrCreate(topics, now, false);
	}

	/** Locks one topic's row, or answers null when it has none. */
	@Nullable TopicRow lockExisting(Topic topic) throws SQLException {
		return find(List.of(topic), true).get(topic);
	}

	/** Locks the rows of those topics that have one. */
	Map<Topic, TopicRow> lockExisting(Collection<Topic> topics) throws SQLException {
		return find(new TreeSet<>(topics), true);
	}

	/** Reads the rows of those topics that have one, as they are committed. */
	Map<Topic, TopicRow> existing(Collection<Topic> topics) throws SQLException {
		return find(new TreeSet<>(topics), false);
	}

	/** Reads one topic's row as it is committed, or answers null when it has none. */
	@Nullable TopicRow currentExisting(Topic topic) throws SQLException {
		return find(List.of(topic), false).get(topic);
	}

	/** Writes back rows that are locked. */
	void update(Collection<TopicRow> rows) throws SQLException {
		String overwrite = this.session.dialect().overwriteTopic();
		if (overwrite != null && rows.size() > 1) {
			// one statement for many: the rows are there and locked, so none is inserted
			var unused = this.session.insert("INSERT INTO ", "realtime_topic (" + TopicRow.COLUMNS + ")", overwrite,
					rows.stream().map(TopicRow::all).toList());
			return;
		}
		this.session.batch(
				"UPDATE realtime_topic SET last_seq = ?, first_seq = ?, kept = ?, first_at = ?, expires_at = ?, "
						+ "sweep_at = ?, updated_at = ?, history = ?, voids = ? WHERE topic = ?",
				rows.stream().map(TopicRow::changed).toList());
	}

	void delete(Topic topic) throws SQLException {
		this.session.update("DELETE FROM realtime_topic WHERE topic = ?", topic.name());
	}

	private Map<Topic, TopicRow> findOrCreate(Collection<Topic> topics, long now, boolean lock) throws SQLException {
		SortedSet<Topic> missing = new TreeSet<>(topics);
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

	private Map<Topic, TopicRow> find(Collection<Topic> topics, boolean lock) throws SQLException {
		Map<Topic, TopicRow> found = new HashMap<>();
		List<String> names = topics.stream().map(Topic::name).toList();
		for (int from = 0; from < names.size(); from += JdbcSession.MAX_LIST) {
			List<String> some = JdbcSession
				.padded(names.subList(from, Math.min(names.size(), from + JdbcSession.MAX_LIST)));
			String sql = "SELECT " + TopicRow.COLUMNS + " FROM realtime_topic WHERE topic IN ("
					+ JdbcSession.marks(some.size()) + ") ORDER BY topic" + (lock ? " FOR UPDATE" : "");
			this.session.query(sql, TopicRow::read, some.toArray()).forEach((row) -> found.put(row.topic, row));
		}
		return found;
	}

	/** Whoever comes second finds the row of whoever came first. */
	private void create(SortedSet<Topic> topics, long now) throws SQLException {
		List<@Nullable Object[]> rows = new ArrayList<>();
		topics.forEach((topic) -> rows.add(TopicRow.fresh(topic, now).all()));
		this.session.insertMissing("realtime_topic", 1, TopicRow.COLUMNS, rows);
	}

}
