package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.sequence.redis.RedisTopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Durable brokers whose numbers come from a counter, and a Redis of their own. */
abstract class RedisNumberedBrokers {

	static final Duration NEVER = Duration.ofMinutes(30);

	static final Duration SOON = Duration.ofMillis(300);

	final Topic topic = Messages.topic();

	final RedisServer redis = RedisServer.startProcess();

	final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final List<JdbcBroker> brokers = new ArrayList<>();

	protected abstract DataSource dataSource();

	@AfterEach
	void close() {
		this.brokers.forEach(JdbcBroker::close);
		this.fleet.close();
		this.redis.close();
	}

	final JdbcBroker broker(Duration grace) {
		return broker(grace, counter());
	}

	final JdbcBroker broker(Duration grace, @Nullable TopicCounter counter) {
		return start(JdbcBrokerOptions.DEFAULT.withHoleGrace(grace), counter, new Messages.Heard());
	}

	final JdbcBroker start(JdbcBrokerOptions options, @Nullable TopicCounter counter, Messages.Heard heard) {
		return start(dataSource(), options, counter, heard);
	}

	final JdbcBroker start(DataSource pool, JdbcBrokerOptions options, @Nullable TopicCounter counter,
			Messages.Heard heard) {
		JdbcBroker broker = new JdbcBroker(pool, new LoopbackRelay(), counter, options, Clock.systemUTC(), new Loops());
		broker.start(heard);
		this.brokers.add(broker);
		return broker;
	}

	final TopicCounter counter() {
		return new RedisTopicCounter(this.fleet.link(), new RedisKeys("rt"));
	}

	final Connection open() throws SQLException {
		Connection connection = dataSource().getConnection();
		connection.setAutoCommit(false);
		return connection;
	}

	final Position publish(JdbcBroker broker, int count) {
		Position last = null;
		for (int i = 0; i < count; i++) {
			last = Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)).position();
		}
		return Objects.requireNonNull(last);
	}

	final StoredPublication publishIn(JdbcBroker broker, Connection connection, String text) {
		return broker.publishIn(connection, Messages.text(this.topic, text), TopicPolicy.DEFAULT);
	}

	final Position head(JdbcBroker broker) {
		return Await.result(broker.log().heads(List.of(this.topic))).get(0);
	}

	final LogPage.Found page(JdbcBroker broker) {
		return Messages.found(Await.result(broker.log().read(this.topic, head(broker).withSeq(0), 1_000)));
	}

	final List<Long> seqs(JdbcBroker broker) {
		return Messages.seqs(page(broker).messages());
	}

	final List<Long> latest(JdbcBroker broker) {
		List<TopicMessage> messages = Messages.found(Await.result(broker.log().readBefore(this.topic, null, 1_000)))
			.messages();
		return Messages.seqs(messages);
	}

}
