package dev.realtime.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The servers of test dependencies work on this machine, whatever is installed on it: a
 * build needs a JDK, Maven and Node alone.
 */
class BundledServersIT {

	@BeforeAll
	static void hideInstalledOnes() {
		System.setProperty(Programs.SERVERS, Programs.BUNDLED);
	}

	@AfterAll
	static void findInstalledOnes() {
		System.clearProperty(Programs.SERVERS);
	}

	@Test
	void postgresqlKeepsWhatItWasGivenWhenItIsKilled() throws SQLException {
		keepsWhatItWasGiven(DatabaseServer.postgresql(), "SHOW server_version", "18.6");
	}

	@Test
	void mariadbKeepsWhatItWasGivenWhenItIsKilled() throws SQLException {
		keepsWhatItWasGiven(DatabaseServer.mariadb(), "SELECT VERSION()", "11.4.5-MariaDB");
	}

	@Test
	void redisNumbers() {
		try (RedisServer redis = RedisServer.start(); RedisFleet fleet = new RedisFleet(redis.uri())) {
			assertThat(redis.isRestartable()).as("no container").isTrue();
			assertThat(fleet.connection().sync().info("server")).contains("redis_version:6.2");
			assertThat(fleet.commands().incr("counter".getBytes(java.nio.charset.StandardCharsets.US_ASCII))).isOne();
		}
	}

	private static void keepsWhatItWasGiven(DatabaseServer server, String versionQuery, String version)
			throws SQLException {
		try (HikariDataSource pool = Databases.pool(server.url());
				Connection connection = pool.getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(first(statement, versionQuery)).startsWith(version);
			statement.execute("CREATE TABLE kept (name VARCHAR(10))");
			statement.execute("INSERT INTO kept VALUES ('this')");
		}
		server.stop();
		server.start();
		try (HikariDataSource pool = Databases.pool(server.url());
				Connection connection = pool.getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(first(statement, "SELECT name FROM kept")).isEqualTo("this");
		}
		finally {
			server.stop();
		}
	}

	private static String first(Statement statement, String query) throws SQLException {
		try (ResultSet answer = statement.executeQuery(query)) {
			assertThat(answer.next()).isTrue();
			return answer.getString(1);
		}
	}

}
