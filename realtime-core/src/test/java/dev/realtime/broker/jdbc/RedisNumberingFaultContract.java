package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.jdbc.StoredPublication;
import dev.realtime.testing.Await;
import dev.realtime.testing.FaultyDataSource;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What faults and locked rows may not do to others where a counter numbers.
 */
abstract class RedisNumberingFaultContract extends RedisNumberedBrokers {

	@Test
	void whileRedisIsAwayTheLogNumbersAndNoNumberIsUsedTwice() {
		JdbcBroker broker = broker(SOON);
		JdbcBroker other = broker(SOON);
		List<Long> seqs = new ArrayList<>();
		seqs.add(publish(broker, 2).seq());

		this.redis.stop();
		for (int i = 0; i < 3; i++) {
			seqs.add(publish(broker, 1).seq());
			seqs.add(publish(other, 1).seq());
		}
		this.redis.restart();
		for (int i = 0; i < 50; i++) {
			seqs.add(publish(broker, 1).seq());
			seqs.add(publish(other, 1).seq());
		}

		assertThat(seqs).isSorted().doesNotHaveDuplicates();
		Await.until(() -> assertThat(seqs(broker)).hasSize(seqs.size() + 1));
	}

	@Test
	void aTopicThatSomebodyKeepsLockedDoesNotKeepTheOthersOutboxWaiting() throws SQLException {
		// it looks for nothing that others left
		JdbcBroker broker = start(JdbcBrokerOptions.DEFAULT.withOutbox(NEVER, NEVER), counter(), new Messages.Heard());
		Topic other = Messages.topic();
		publish(broker, 1);
		try (Connection locking = open(); Connection connection = open()) {
			publishIn(broker, connection, "kept");
			broker.publishIn(connection, Messages.text(other, "kept"), TopicPolicy.DEFAULT);
			connection.commit();
			try (Statement statement = locking.createStatement()) {
				statement.execute("UPDATE realtime_topic SET updated_at = 1 WHERE topic = '" + this.topic + "'");
			}
			Messages.Heard heard = new Messages.Heard();
			JdbcBroker polling = start(JdbcBrokerOptions.DEFAULT.withStatementTimeout(Duration.ofSeconds(1))
				.withOutbox(Duration.ofMillis(100), Duration.ofMillis(100)), counter(), heard);
			Await.result(polling.subscribe(other));
			Await.result(polling.subscribe(this.topic));

			Await.until(() -> assertThat(heard.messages()).extracting(TopicMessage::topic).contains(other));
			assertThat(heard.messages()).extracting(TopicMessage::topic).doesNotContain(this.topic);
			locking.rollback();
			Await.until(() -> assertThat(heard.messages()).extracting(TopicMessage::topic).contains(this.topic));
		}
	}

	@Test
	void rule9_anErrorWhileHeadsAreMovedEndsThatAttemptAlone() throws SQLException {
		FaultyDataSource faulty = new FaultyDataSource(dataSource());
		Messages.Heard heard = new Messages.Heard();
		JdbcBroker broker = start(faulty.dataSource(), JdbcBrokerOptions.DEFAULT.withOutbox(NEVER, NEVER), counter(),
				heard);
		Await.result(broker.subscribe(this.topic));
		try (Connection connection = open()) {
			faulty.failFor("realtime-jdbc-heads");
			StoredPublication failed = publishIn(broker, connection, "failed");
			connection.commit();
			broker.announceCommitted(failed);
			Await.until(() -> assertThat(faulty.failures()).isPositive());
			faulty.recover();
			StoredPublication next = publishIn(broker, connection, "next");
			connection.commit();
			broker.announceCommitted(next);
		}

		Await.until(() -> assertThat(heard.texts()).containsExactly("next"));
		assertThat(seqs(broker)).containsExactly(1L, 2L);
	}

	@Test
	void rule9_anErrorWhileHolesAreFilledEndsThatAttemptAlone() {
		FaultyDataSource faulty = new FaultyDataSource(dataSource());
		JdbcBroker broker = start(faulty.dataSource(), JdbcBrokerOptions.DEFAULT.withHoleGrace(SOON), counter(),
				new Messages.Heard());
		Position first = publish(broker, 1);
		faulty.failFor("realtime-jdbc-holes");
		assertThat(Await.result(counter().take(this.topic, first.epoch(), 1, 0))).isEqualTo(2);
		assertThat(publish(broker, 1).seq()).isEqualTo(3);
		Await.until(() -> assertThat(faulty.failures()).isGreaterThan(2));

		faulty.recover();

		Await.until(() -> assertThat(seqs(broker)).containsExactly(1L, 3L));
	}

	@Test
	void rule9_aLockedTopicDelaysOthersAndItsOwnPublishersOnceOnly() throws SQLException {
		Messages.Heard heard = new Messages.Heard();
		JdbcBroker broker = start(dataSource(), JdbcBrokerOptions.DEFAULT.withBatches(500, 1)
			.withOutbox(Duration.ofMillis(100), Duration.ofMillis(100)), counter(), heard);
		Topic other = Messages.topic();
		Await.result(broker.subscribe(this.topic));
		publish(broker, 1);
		Await.result(broker.publish(Messages.text(other, "text"), TopicPolicy.DEFAULT));
		try (Connection locking = open(); Statement statement = locking.createStatement()) {
			statement.execute("UPDATE realtime_topic SET updated_at = 1 WHERE topic = '" + this.topic + "'");
			assertThat(publish(broker, 1).seq()).isEqualTo(2);
			long start = System.nanoTime();
			assertThat(publish(broker, 1).seq()).isEqualTo(3);
			Await.result(broker.publish(Messages.text(other, "text"), TopicPolicy.DEFAULT));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
			assertThat(Messages.seqs(heard.messages())).containsOnly(1L);
			locking.rollback();
		}

		Await.until(() -> assertThat(Messages.seqs(heard.messages())).contains(1L, 2L, 3L));
		assertThat(seqs(broker)).containsExactly(1L, 2L, 3L);
	}

	@Test
	void rule9_numbersThatOpenTransactionsKeepDelayNoOtherHoleForLong() throws SQLException {
		JdbcBroker broker = broker(SOON);
		JdbcBroker other = broker(SOON);
		Position first = publish(broker, 1);
		try (Connection connection = open()) {
			List<Topic> kept = IntStream.range(0, 15).mapToObj((i) -> Messages.topic()).toList();
			kept.forEach((each) -> Await.result(other.publish(Messages.text(each, "text"), TopicPolicy.DEFAULT)));
			kept.forEach((each) -> broker.publishIn(connection, Messages.text(each, "open"), TopicPolicy.DEFAULT));
			kept.forEach((each) -> Await.result(other.publish(Messages.text(each, "text"), TopicPolicy.DEFAULT)));
			// they have been waited for
			await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
			assertThat(Await.result(counter().take(this.topic, first.epoch(), 1, 0))).isEqualTo(2);
			assertThat(publish(other, 1).seq()).isEqualTo(3);

			await().atMost(Duration.ofSeconds(6)).untilAsserted(() -> assertThat(seqs(other)).containsExactly(1L, 3L));
			connection.rollback();
		}
	}

}
