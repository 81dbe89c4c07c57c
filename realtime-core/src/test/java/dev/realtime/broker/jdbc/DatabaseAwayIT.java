package dev.realtime.broker.jdbc;

import java.time.Clock;
import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.testing.Await;
import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.Databases;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DatabaseAwayIT {

	private final Topic topic = Messages.topic();

	@Test
	void publishingOnAStoppedPostgresqlFailsAndWorksAgainWhenItIsBack() {
		failsAndWorksAgain(DatabaseServer.postgresql());
	}

	@Test
	void publishingOnAStoppedMariadbFailsAndWorksAgainWhenItIsBack() {
		failsAndWorksAgain(DatabaseServer.mariadb());
	}

	private void failsAndWorksAgain(DatabaseServer server) {
		try (HikariDataSource pool = Databases.pool(server.url());
				JdbcBroker broker = new JdbcBroker(pool, new LoopbackRelay(),
						JdbcBrokerOptions.DEFAULT.withStatementTimeout(Duration.ofSeconds(2)), Clock.systemUTC(),
						new Loops())) {
			broker.start(new Messages.Heard());
			PublishReceipt before = publish(broker);

			server.stop();

			assertThatThrownBy(() -> publish(broker)).isInstanceOf(PublishException.class)
				.hasMessageContaining("the database");
			assertThat(broker.isConnected()).isFalse();
			server.start();
			Await.until(() -> assertThat(publish(broker).position()).isEqualTo(before.position().withSeq(2)));
			Await.until(() -> assertThat(broker.isConnected()).isTrue());
		}
		finally {
			server.stop();
		}
	}

	private PublishReceipt publish(JdbcBroker broker) {
		return Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
	}

}
