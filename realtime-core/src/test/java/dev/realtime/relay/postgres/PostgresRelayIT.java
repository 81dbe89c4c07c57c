package dev.realtime.relay.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.Signal;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.testing.Await;
import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.Databases;
import dev.realtime.testing.Messages;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Nodes that LISTEN. */
class PostgresRelayIT extends PostgresRelayContract {

	@Override
	protected DataSource dataSource() {
		return Databases.postgresql();
	}

	@Override
	protected DataSource direct() {
		return Databases.postgresql();
	}

	@Test
	void theNodeThatAnnouncesHearsAtOnceAndTheOthersReadTheLog() {
		PostgresRelay here = node(dataSource());
		Messages.Heard own = new Messages.Heard();
		here.start(own);
		try {
			Await.result(here.subscribe(this.topic));
			Await.result(relay().subscribe(this.topic));
			StoringRelay.store(direct(), message(this.topic, 1, "to both"));

			var announced = here.announce(message(this.topic, 1, "to both"));

			assertThat(own.texts()).containsExactly("to both");
			Await.result(announced);
			Await.until(() -> assertThat(this.heard.texts()).containsExactly("to both"));
			assertThat(own.texts()).containsExactly("to both");
		}
		finally {
			here.close();
		}
	}

	@Test
	void whatWasAnnouncedBeforeItIsStoredIsNotHeardElsewhere() {
		PostgresRelay here = node(dataSource());
		here.start(new Messages.Heard());
		try {
			Await.result(relay().subscribe(this.topic));
			Await.result(here.announce(message(this.topic, 1, "not in the log")));
			Await.result(relay().announce(message(this.topic, 2, "stored")));
			Await.until(() -> assertThat(this.heard.texts()).containsExactly("stored"));
		}
		finally {
			here.close();
		}
	}

	@Test
	void rule7_listensAgainAndSaysSoWhenItsBackendIsKilled() {
		Await.result(relay().subscribe(this.topic));

		assertThat(killListeners()).isPositive();

		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		Await.until(() -> assertThat(relay().isConnected()).isTrue());
		Await.result(relay().announce(message(this.topic, 1, "healed")));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("healed"));
	}

	@Test
	void rule7_healsWhenTheServerIsBack() {
		DatabaseServer server = DatabaseServer.postgresql();
		HikariDataSource pool = Databases.pool(server.url());
		PostgresRelay node = node(pool);
		Messages.Heard there = new Messages.Heard();
		try {
			node.start(there);
			Await.result(node.subscribe(this.topic));
			server.stop();
			Await.until(() -> assertThat(node.isConnected()).isFalse());
			assertThatThrownBy(() -> Await.result(node.subscribe(Messages.topic())))
				.hasMessageContaining("unavailable");
			assertThatThrownBy(() -> Await.result(node.announce(message(this.topic, 1, "lost"))))
				.isInstanceOf(CompletionException.class);
			server.start();
			Await.until(() -> assertThat(there.reconnections()).isEqualTo(1));
			assertThat(node.isConnected()).isTrue();
			assertThat(node.isPolling()).isFalse();
		}
		finally {
			node.close();
			pool.close();
			server.stop();
		}
	}

	@Test
	void noticesAConnectionThatIsDeadThoughItLooksOpen() {
		String url = url();
		int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
		try (TcpProxy proxy = new TcpProxy(port);
				HikariDataSource through = Databases.pool(url.replace(":" + port + "/", ":" + proxy.port() + "/"))) {
			PostgresRelay node = new PostgresRelay(through, new JdbcDatabase(direct(), Duration.ofSeconds(5)),
					options(), CLOCK, new Loops());
			Messages.Heard there = new Messages.Heard();
			node.start(there);
			try {
				Await.result(node.subscribe(this.topic));
				proxy.freeze();
				Await.until(() -> assertThat(there.reconnections()).isEqualTo(1));
				Await.result(relay().announce(message(this.topic, 1, "alive")));
				Await.until(() -> assertThat(there.texts()).containsExactly("alive"));
			}
			finally {
				node.close();
			}
		}
	}

	@Test
	void givesItsConnectionBackWithoutListening() {
		PostgresRelay node = node(dataSource());
		long before = listeners();
		node.start(new Messages.Heard());
		assertThat(listeners()).isEqualTo(before + 1);
		node.close();
		assertThat(listeners()).isEqualTo(before);
	}

	@Test
	void startsOnNoOtherDatabase() {
		PostgresRelay node = node(Databases.h2());
		assertThatThrownBy(() -> node.start(new Messages.Heard())).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("realtime.relay")
			.hasMessageContaining("PostgreSQL");
		node.close();
	}

	@Test
	void rule8_skipsWhatItCannotRead() throws SQLException {
		Await.result(relay().subscribe(this.topic));
		for (String payload : List.of("", "9 x", "1 a 1 1 1", "1 a b 2 1\nx", "1 a 1 1 1\nm\tE\t0\t9\tx",
				"1 a 1 1 1\nz\t", "1 a 1 1 1\ns\t\u00a0", "x".repeat(7_000))) {
			try (Connection connection = direct().getConnection();
					var notify = connection.prepareStatement("SELECT pg_notify(" + Notices.CHANNEL + ", ?)")) {
				notify.setString(1, payload);
				notify.execute();
			}
		}
		Await.result(relay().signal(new Signal(this.topic, "goes on", null, null, null)));
		Await.until(() -> assertThat(this.heard.signals()).hasSize(1));
		assertThat(this.heard.reconnections()).isZero();
	}

	private String url() {
		try (Connection connection = direct().getConnection()) {
			return connection.getMetaData().getURL();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private long killListeners() {
		return count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'");
	}

	private long listeners() {
		return count("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'");
	}

	private long count(String sql) {
		try (Connection connection = direct().getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
