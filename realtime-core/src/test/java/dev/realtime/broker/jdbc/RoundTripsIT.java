package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcStore;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.testing.Await;
import dev.realtime.testing.Databases;
import dev.realtime.testing.FaultyDataSource;
import dev.realtime.testing.Messages;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a publication costs between node and database, counted on the wire. A pool that
 * tests a connection adds round trips now and then, so each is the lowest count of some.
 */
class RoundTripsIT {

	private static final int TIMES = 10;

	/**
	 * Something else of the broker's may be on the wire at any one time, not each time.
	 */
	private static final int MOST_TIMES = 200;

	/** Searches the outbox once. */
	private static final JdbcBrokerOptions QUIET = JdbcBrokerOptions.DEFAULT.withOutbox(Duration.ofHours(1),
			Duration.ofHours(1));

	private final Topic topic = Messages.topic();

	@ParameterizedTest
	@EnumSource
	void aPublicationByItselfTakesOne(Database database) {
		database.behindProxy((proxy, pool) -> {
			try (JdbcBroker broker = broker(pool)) {
				for (Kind kind : Kind.values()) {
					Await.result(broker.publish(kind.publication(this.topic), TopicPolicy.DEFAULT));

					assertThat(lowest(proxy, 1,
							() -> Await.result(broker.publish(kind.publication(this.topic), TopicPolicy.DEFAULT))))
						.as(kind.name())
						.isEqualTo(1);
				}
			}
		});
	}

	/** Rows of the outbox go many at a time, however fast they come one by one. */
	@ParameterizedTest
	@EnumSource
	void whatFollowsAPublicationTakesNoneOfItsOwn(Database database) {
		database.behindProxy((proxy, pool) -> {
			try (JdbcBroker broker = broker(pool)) {
				Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
				int before = proxy.roundTrips();
				for (int i = 0; i < MOST_TIMES; i++) {
					Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
				}

				assertThat(proxy.roundTrips() - before).isLessThan(MOST_TIMES * 3 / 2);
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void aPublicationInATransactionOfTheApplicationAddsOne(Database database) {
		database.behindProxy((proxy, pool) -> {
			try (JdbcBroker broker = broker(pool); Connection connection = pool.getConnection()) {
				connection.setAutoCommit(false);
				for (Kind kind : Kind.values()) {
					broker.publishIn(connection, kind.publication(this.topic), TopicPolicy.DEFAULT);
					connection.commit();
					connection.createStatement().executeQuery("SELECT 1").close();

					assertThat(lowest(proxy, 1,
							() -> broker.publishIn(connection, kind.publication(this.topic), TopicPolicy.DEFAULT)))
						.as(kind.name())
						.isEqualTo(1);
					connection.commit();
				}
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void aBatchTakesSixAtMost(Database database) {
		database.behindProxy((proxy, pool) -> {
			JdbcDatabase tables = new JdbcDatabase(pool, Duration.ofSeconds(5));
			List<JdbcStore.Entry> batch = IntStream.range(0, 64)
				.mapToObj((i) -> new JdbcStore.Entry(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT))
				.toList();
			Supplier<Object> store = () -> {
				try {
					return tables.write((session) -> JdbcStore.store(session, batch, false, 1));
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			};
			var unused = store.get();

			assertThat(lowest(proxy, 6, store)).isLessThanOrEqualTo(6);
		});
	}

	/** Compound statements mean something else there. */
	@Test
	void mariadbInTheModeOfOracleStoresWithSeveralStatements() {
		String url = ((HikariDataSource) Databases.mariadb()).getJdbcUrl() + "&sessionVariables=sql_mode='ORACLE'";
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		try (HikariDataSource pool = new HikariDataSource(config); JdbcBroker broker = broker(pool)) {
			for (int i = 1; i <= 3; i++) {
				assertThat(Await.result(broker.publish(Kind.ID_AND_SENDER.publication(this.topic), TopicPolicy.DEFAULT))
					.position()
					.seq()).isEqualTo(i);
			}
		}
	}

	/** There are no round trips in one process. */
	@Test
	void h2PreparesFourStatements() {
		FaultyDataSource counted = new FaultyDataSource(Databases.h2());
		try (JdbcBroker broker = broker(counted.dataSource())) {
			Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
			int lowest = Integer.MAX_VALUE;
			for (int i = 0; i < TIMES; i++) {
				int before = counted.statements();
				Await.result(broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT));
				lowest = Math.min(lowest, counted.statements() - before);
			}

			assertThat(lowest).isEqualTo(4);
		}
	}

	/** Returns the lowest count, of so many until one is as low as wanted. */
	private static int lowest(TcpProxy proxy, int wanted, Supplier<?> call) {
		int lowest = Integer.MAX_VALUE;
		for (int i = 0; i < TIMES || (i < MOST_TIMES && lowest > wanted); i++) {
			int before = proxy.roundTrips();
			assertThat(call.get()).isNotNull();
			lowest = Math.min(lowest, proxy.roundTrips() - before);
		}
		return lowest;
	}

	private static JdbcBroker broker(DataSource pool) {
		JdbcBroker broker = new JdbcBroker(pool, new LoopbackRelay(), QUIET, Clock.systemUTC(), new Loops());
		broker.start(new Messages.Heard());
		return broker;
	}

	enum Kind {

		PLAIN, ID, SENDER, ID_AND_SENDER;

		Publication publication(Topic topic) {
			Publication.Builder publication = Publication.to(topic);
			if (this == ID || this == ID_AND_SENDER) {
				publication.id(UUID.randomUUID().toString());
			}
			if (this == SENDER || this == ID_AND_SENDER) {
				publication.sender("ann");
			}
			return publication.build();
		}

	}

	enum Database {

		POSTGRESQL, MARIADB;

		HikariDataSource direct() {
			return (HikariDataSource) ((this == POSTGRESQL) ? Databases.postgresql() : Databases.mariadb());
		}

		void behindProxy(Work work) {
			String url = direct().getJdbcUrl();
			int port = Integer.parseInt(url.replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1"));
			try (TcpProxy proxy = new TcpProxy(port);
					HikariDataSource pool = Databases.pool(url.replace(":" + port, ":" + proxy.port()))) {
				work.run(proxy, pool);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	interface Work {

		void run(TcpProxy proxy, DataSource pool) throws SQLException;

	}

}
