package dev.realtime.broker.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A publication by itself is stored and committed by one statement: what its publisher is
 * told when that is not answered.
 */
class LostAnswersIT {

	private final Topic topic = Messages.topic();

	@ParameterizedTest
	@EnumSource
	void rule1_aPublicationWhoseAnswerIsLostIsStoredOnceAndItsOutcomeIsUnknown(RoundTripsIT.Database database) {
		database.behindProxy((proxy, pool) -> {
			try (JdbcBroker broker = broker(pool)) {
				Await.result(broker.publish(Messages.text(this.topic, "first"), TopicPolicy.DEFAULT));
				Await.result(broker.publish(Messages.text(this.topic, "second"), TopicPolicy.DEFAULT));
				proxy.holdAnswers();

				CompletableFuture<PublishReceipt> lost = broker
					.publish(Messages.text(this.topic, "lost"), TopicPolicy.DEFAULT)
					.toCompletableFuture();
				Await.until(() -> assertThat(stored(database)).isEqualTo(3));
				proxy.cut();

				assertThatThrownBy(() -> Await.result(lost)).isInstanceOfSatisfying(PublishException.class,
						(failure) -> assertThat(failure.isOutcomeUnknown()).isTrue());
				Await.until(() -> assertThat(
						Await.result(broker.publish(Messages.text(this.topic, "next"), TopicPolicy.DEFAULT))
							.position()
							.seq())
					.isEqualTo(4));
				assertThat(stored(database)).isEqualTo(4);
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void aConnectionThatWasLostWhileItLayInThePoolCostsNoPublication(RoundTripsIT.Database database) {
		database.behindProxy((proxy, pool) -> {
			String url = pool.unwrap(HikariDataSource.class).getJdbcUrl();
			Queue<Connection> lying = new ArrayDeque<>();
			JdbcDatabase tables = new JdbcDatabase(taking(lying, url), Duration.ofSeconds(5));
			List<JdbcStore.Entry> one = List
				.of(new JdbcStore.Entry(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
			assertThat(tables.write((session) -> JdbcStore.store(session, one, false, 1)).stored()).hasSize(1);
			lying.add(DriverManager.getConnection(url));

			proxy.cut();

			assertThat(tables.write((session) -> JdbcStore.store(session, one, false, 1)).stored()).hasSize(1);
			assertThat(stored(database)).isEqualTo(2);
		});
	}

	/** A pool of these, which makes new ones where there is none. */
	private static DataSource taking(Queue<Connection> lying, String url) {
		return (DataSource) Proxy.newProxyInstance(LostAnswersIT.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, args) -> {
					Connection next = lying.poll();
					return (next != null) ? next : DriverManager.getConnection(url);
				});
	}

	@ParameterizedTest
	@EnumSource
	void rule1_aStatementThatTookTooLongStoredNothing(RoundTripsIT.Database database) {
		database.behindProxy((proxy, pool) -> {
			try (JdbcBroker broker = broker(pool); Connection locking = pool.getConnection()) {
				Await.result(broker.publish(fromAnn(), TopicPolicy.DEFAULT));
				Await.result(broker.publish(fromAnn(), TopicPolicy.DEFAULT));
				locking.setAutoCommit(false);
				try (PreparedStatement statement = locking
					.prepareStatement("SELECT own FROM realtime_read WHERE topic = ? FOR UPDATE")) {
					statement.setString(1, this.topic.name());
					assertThat(statement.executeQuery().next()).isTrue();
				}

				assertThatThrownBy(() -> Await.result(broker.publish(fromAnn(), TopicPolicy.DEFAULT)))
					.isInstanceOfSatisfying(PublishException.class,
							(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse());
				locking.rollback();

				assertThat(stored(database)).isEqualTo(2);
				assertThat(Await.result(broker.publish(fromAnn(), TopicPolicy.DEFAULT)).position().seq()).isEqualTo(3);
			}
		});
	}

	private Publication fromAnn() {
		return Publication.to(this.topic).content(Content.text("text")).sender("ann").build();
	}

	/** How many messages there are, as others see it. */
	private int stored(RoundTripsIT.Database database) throws SQLException {
		try (Connection connection = database.direct().getConnection();
				PreparedStatement statement = connection
					.prepareStatement("SELECT COUNT(*) FROM realtime_message WHERE topic = ?")) {
			statement.setString(1, this.topic.name());
			try (ResultSet result = statement.executeQuery()) {
				assertThat(result.next()).isTrue();
				return result.getInt(1);
			}
		}
	}

	private static JdbcBroker broker(DataSource pool) {
		JdbcBroker broker = new JdbcBroker(pool, new LoopbackRelay(),
				JdbcBrokerOptions.DEFAULT.withStatementTimeout(Duration.ofSeconds(1)), Clock.systemUTC(), new Loops());
		broker.start(new Messages.Heard());
		return broker;
	}

}
