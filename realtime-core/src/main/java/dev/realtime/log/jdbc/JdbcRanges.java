package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.realtime.jdbc.JdbcSession;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of several topics in one statement. For PostgreSQL, which joins laterally.
 * Stateless; the call is for one session's thread and blocks.
 */
public final class JdbcRanges {

	/** Most ranges of one statement. */
	public static final int MAX_RANGES = 64;

	/** Most rows of one statement. */
	public static final int MAX_ROWS = 200;

	private static final String NAMED = "(CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS BIGINT))";

	private JdbcRanges() {
	}

	/**
	 * The messages of the ranges that are kept, in the order of the ranges and their
	 * numbers. Numbers without a message are left out.
	 * @param ranges at most {@value #MAX_RANGES}, with at most {@value #MAX_ROWS} numbers
	 * in all
	 * @param now in milliseconds since 1970; messages that have outlived their time are
	 * left out
	 */
	public static List<TopicMessage> read(JdbcSession session, List<Range> ranges, long now) throws SQLException {
		if (ranges.size() > MAX_RANGES || ranges.stream().mapToLong(Range::size).sum() > MAX_ROWS) {
			throw new IllegalArgumentException("At most " + MAX_RANGES + " ranges with " + MAX_ROWS + " numbers");
		}
		if (ranges.isEmpty()) {
			return List.of();
		}
		int slots = slots(ranges.size());
		List<@Nullable Object> parameters = new ArrayList<>(4 * slots + 1);
		ranges
			.forEach((each) -> Collections.addAll(parameters, each.topic.name(), each.epoch, each.from, each.through));
		for (int i = ranges.size(); i < slots; i++) {
			Collections.addAll(parameters, "", "", 1L, 0L);
		}
		parameters.add(now);
		return session.query(sql(slots), MessageRows::message, parameters.toArray());
	}

	static String sql(int slots) {
		return "SELECT " + MessageRows.COLUMNS + " FROM (VALUES " + String.join(", ", Collections.nCopies(slots, NAMED))
				+ ") AS r (of_topic, of_epoch, lowest, highest) CROSS JOIN LATERAL (SELECT " + MessageRows.COLUMNS
				+ " FROM realtime_message m WHERE m.topic = r.of_topic AND m.epoch = r.of_epoch AND m.seq >= r.lowest"
				+ " AND m.seq <= r.highest ORDER BY m.seq LIMIT " + MAX_ROWS
				+ ") AS found WHERE expires_at = 0 OR expires_at > ?";
	}

	/** A power of two, so that only a handful of different texts are ever prepared. */
	private static int slots(int count) {
		int power = Integer.highestOneBit(count);
		return (power == count) ? power : 2 * power;
	}

	/**
	 * Some numbers of a topic.
	 *
	 * @param from the first, 1 or more
	 * @param through the last, not below the first
	 */
	public record Range(Topic topic, String epoch, long from, long through) {

		/** How many numbers there are. */
		public long size() {
			return this.through - this.from + 1;
		}

	}

}
