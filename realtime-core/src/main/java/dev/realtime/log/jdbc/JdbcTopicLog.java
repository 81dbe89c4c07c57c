package dev.realtime.log.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSchema;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

/**
 * The log in the application's database, see {@link JdbcSchema}. A page ends at its limit
 * or after about 1 MiB of payload, whichever comes first, but holds at least one message.
 * <p>
 * Stages complete on a thread of {@link JdbcCalls}; they fail with the
 * {@link SQLException}, or at once as {@link JdbcCalls#submit} says. A broker stores what
 * is read here with {@link JdbcStore}.
 */
public final class JdbcTopicLog implements TopicLog {

	private final JdbcDatabase database;

	private final JdbcCalls calls;

	private final Clock clock;

	private final HeadCheck heads;

	/**
	 * A log whose numbers are taken in the transactions that store.
	 * @param database where; not closed by us
	 * @param calls on whose threads; not closed by us
	 * @param clock tells what has outlived its time
	 */
	public JdbcTopicLog(JdbcDatabase database, JdbcCalls calls, Clock clock) {
		this(database, calls, clock, (topic, seen) -> false);
	}

	/**
	 * A log in a database that has the schema.
	 * @param database where; not closed by us
	 * @param calls on whose threads; not closed by us
	 * @param clock tells what has outlived its time
	 * @param heads asked whenever a read comes to the head
	 */
	public JdbcTopicLog(JdbcDatabase database, JdbcCalls calls, Clock clock, HeadCheck heads) {
		this.heads = heads;
		this.database = database;
		this.calls = calls;
		this.clock = clock;
	}

	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		List<Topic> asked = List.copyOf(topics);
		return this.calls.submit(() -> this.database.read((session) -> {
			Map<Topic, TopicRow> rows = new TopicRows(session).current(asked, this.clock.millis());
			return asked.stream().map((topic) -> Objects.requireNonNull(rows.get(topic)).head()).toList();
		}));
	}

	@Override
	public CompletionStage<List<Position>> peek(List<Topic> topics) {
		List<Topic> asked = List.copyOf(topics);
		return this.calls.submit(() -> this.database.read((session) -> {
			Map<Topic, TopicRow> rows = new TopicRows(session).existing(asked);
			return asked.stream().map((topic) -> rows.getOrDefault(topic, TopicRow.none(topic)).head()).toList();
		}));
	}

	@Override
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		check(limit);
		return this.calls.submit(() -> toTheHead(topic, (session) -> page(session, topic, limit).after(after)));
	}

	@Override
	public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		check(limit);
		return this.calls.submit(() -> toTheHead(topic, (session) -> page(session, topic, limit).before(before)));
	}

	private LogPage toTheHead(Topic topic, JdbcDatabase.Work<LogPage> read) throws SQLException {
		LogPage page = this.database.read(read);
		boolean below = page instanceof LogPage.Found found && found.through().seq() < found.head().seq();
		return (!below && this.heads.moves(topic, page.head())) ? this.database.read(read) : page;
	}

	private PageReader page(JdbcSession session, Topic topic, int limit) {
		return new PageReader(session, topic, limit, this.clock.millis());
	}

	/** Looks whether a topic's head can be moved on, where a counter numbers. */
	@FunctionalInterface
	public interface HeadCheck {

		/**
		 * Moves it as far as numbers are settled; blocks.
		 * @param seen the head that was read
		 * @return whether it may be another one by now
		 */
		boolean moves(Topic topic, Position seen) throws SQLException;

	}

	private static void check(int limit) {
		if (limit < 1 || limit > MAX_PAGE) {
			throw new IllegalArgumentException("A page holds 1 to " + MAX_PAGE + " messages, not " + limit);
		}
	}

}
