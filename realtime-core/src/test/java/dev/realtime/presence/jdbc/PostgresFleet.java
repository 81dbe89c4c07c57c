package dev.realtime.presence.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcTopicLog;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.testing.Await;
import dev.realtime.testing.Databases;

/** Nodes over one PostgreSQL, each with a pool of its own that can be cut. */
final class PostgresFleet implements AutoCloseable {

	private final Map<JdbcPresence, HikariDataSource> nodes = new LinkedHashMap<>();

	private final List<TopicMessage> announced = new CopyOnWriteArrayList<>();

	private final String url;

	private final PresenceOptions options;

	private final HikariDataSource look;

	private final JdbcCalls calls = new JdbcCalls(new Loops(), "test", 1, 100);

	private final Events events;

	/**
	 * Alone in the tables: nodes of fleets with other options would work for each other.
	 */
	PostgresFleet(String url, PresenceOptions options) {
		this.url = url;
		this.options = options;
		this.look = Databases.pool(url);
		this.events = new Events(
				new JdbcTopicLog(new JdbcDatabase(this.look, Duration.ofSeconds(5)), this.calls, Clock.systemUTC()));
	}

	List<JdbcPresence> start(int count) {
		List<JdbcPresence> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(start());
		}
		return started;
	}

	JdbcPresence start() {
		HikariDataSource pool = Databases.pool(this.url);
		JdbcPresence node = new JdbcPresence(new JdbcDatabase(pool, Duration.ofSeconds(5)), "node-" + this.nodes.size(),
				this.options, TopicPolicies.all(TopicPolicy.builder().history(100_000, Duration.ofMinutes(1)).build()),
				(stored) -> {
					TopicMessage message = stored.message();
					if (message != null) {
						this.announced.add(message);
					}
				}, Clock.systemUTC(), new Loops());
		node.start((topic, event) -> {
			throw new AssertionError(event);
		});
		this.nodes.put(node, pool);
		return node;
	}

	/** From now on nothing of this node reaches the database. */
	void kill(JdbcPresence node) {
		HikariDataSource pool = this.nodes.get(node);
		if (pool != null) {
			pool.close();
		}
	}

	/** What all nodes published. */
	Events events() {
		return this.events;
	}

	List<TopicMessage> announced() {
		return this.announced;
	}

	long count(String table) {
		try (Connection connection = this.look.getConnection();
				Statement statement = connection.createStatement();
				var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
			row.next();
			return row.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void execute(String sql) {
		try (Connection connection = this.look.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.nodes.keySet().forEach(JdbcPresence::close);
		this.nodes.values().forEach(HikariDataSource::close);
		this.calls.close();
		this.look.close();
	}

	/** The events in the logs of the presence topics. */
	static final class Events extends PublishedEvents {

		private final JdbcTopicLog log;

		Events(JdbcTopicLog log) {
			this.log = log;
		}

		@Override
		public List<String> on(Topic topic) {
			List<String> all = new ArrayList<>();
			Topic events = PresenceTopics.of(topic);
			Position head = Await.result(this.log.peek(List.of(events))).get(0);
			Position position = head.withSeq(0);
			while (position.seq() < head.seq()) {
				LogPage page = Await.result(this.log.read(events, position, 500));
				if (!(page instanceof LogPage.Found found)) {
					return all;
				}
				found.messages().forEach((message) -> all.add(read(message.content())));
				position = found.through();
			}
			return all;
		}

	}

}
