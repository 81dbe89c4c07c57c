package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import dev.realtime.testing.Databases;
import dev.realtime.testing.RememberingConnections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The application finds its connections as it left them, whichever pool it has. Pools
 * here have one connection, of a driver that keeps what is set.
 */
abstract class PoolSettingsContract {

	private static final int NETWORK_TIMEOUT = 120_000;

	private final DataSource driver = RememberingConnections.of(Databases.h2());

	private final DataSource pool = pool(this.driver);

	private final JdbcDatabase database = new JdbcDatabase(this.pool, Duration.ofSeconds(5));

	/** A pool of one connection, which changes no settings of its own accord. */
	protected abstract DataSource pool(DataSource driver);

	protected abstract void close(DataSource pool) throws Exception;

	@BeforeEach
	void changeSettings() throws SQLException {
		try (Connection connection = this.pool.getConnection()) {
			connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT);
		}
	}

	@AfterEach
	void close() throws Exception {
		close(this.pool);
	}

	private void assertUnchanged() throws SQLException {
		try (Connection connection = this.pool.getConnection()) {
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
			assertThat(connection.getNetworkTimeout()).isEqualTo(NETWORK_TIMEOUT);
			assertThat(connection.getAutoCommit()).isTrue();
		}
	}

	@Test
	void rule11_readingLeavesTheSettingsOfAConnection() throws SQLException {
		this.database.check();

		assertUnchanged();
	}

	@Test
	void rule11_aTransactionLeavesTheSettingsOfAConnection() throws SQLException {
		this.database.write((session) -> true);

		assertUnchanged();
	}

	@Test
	void rule11_aTransactionThatFailsLeavesTheSettingsOfAConnection() throws SQLException {
		assertThatThrownBy(() -> this.database.write((session) -> {
			throw new IllegalStateException("on purpose");
		})).isInstanceOf(IllegalStateException.class);
		assertUnchanged();

		assertThatThrownBy(() -> this.database.write((session) -> session.update("no SQL")))
			.isInstanceOf(SQLException.class);
		assertUnchanged();
	}

	@Test
	void answersAreLimitedWhileTheEngineUsesAConnection() throws SQLException {
		try (Connection physical = this.driver.getConnection()) {
			int timeout = this.database.read((session) -> physical.getNetworkTimeout());
			int isolation = this.database.write((session) -> {
				session.query("SELECT 1", (row) -> row.getInt(1));
				return physical.getTransactionIsolation();
			});

			assertThat(timeout).isEqualTo(6_000);
			assertThat(isolation).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
		}
	}

}
