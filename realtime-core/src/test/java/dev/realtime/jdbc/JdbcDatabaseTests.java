package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.testing.Databases;
import dev.realtime.testing.FaultyDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JdbcDatabaseTests {

	@Test
	void aPoolThatResetsNothingGetsItsConnectionBackWithItsIsolation() throws SQLException {
		try (Connection connection = Databases.h2().getConnection()) {
			connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
			JdbcDatabase database = new JdbcDatabase(FaultyDataSource.of(connection), Duration.ofSeconds(5));
			AtomicInteger isolation = new AtomicInteger();

			for (int i = 0; i < 3; i++) {
				database.write((session) -> {
					var unused = session.query("SELECT 1", (row) -> true);
					isolation.set(connection.getTransactionIsolation());
					return true;
				});

				assertThat(isolation).hasValue(Connection.TRANSACTION_READ_COMMITTED);
				assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
				assertThat(connection.getAutoCommit()).isTrue();
			}
			connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		}
	}

	@Test
	void rule11_aConnectionWithoutAutoCommitIsGivenBackWithoutIt() throws SQLException {
		try (Connection connection = Databases.h2().getConnection()) {
			connection.setAutoCommit(false);
			DataSource pool = FaultyDataSource.of(connection);
			JdbcDatabase database = new JdbcDatabase(pool, Duration.ofSeconds(5));

			new JdbcSchema(pool).initialize();
			assertThat(connection.getAutoCommit()).isFalse();
			database.check();
			assertThat(connection.getAutoCommit()).isFalse();
			database.write((session) -> true);
			assertThat(connection.getAutoCommit()).isFalse();
			connection.setAutoCommit(true);
		}
	}

	@Test
	void theIsolationIsNotAskedForBeforeEachTransaction() throws SQLException {
		FaultyDataSource pool = new FaultyDataSource(Databases.h2());
		JdbcDatabase database = new JdbcDatabase(pool.dataSource(), Duration.ofSeconds(5));

		for (int i = 0; i < 20; i++) {
			database.write((session) -> true);
		}

		assertThat(pool.isolationQuestions()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "OFF, true", "GERMAN STRENGTH IDENTICAL, true", "GERMAN, false", "ENGLISH STRENGTH PRIMARY, false" })
	void aCollationThatTakesDifferentNamesForEqualIsRefused(String collation, boolean usable) throws SQLException {
		String url = "jdbc:h2:mem:" + collation.replace(' ', '_') + ";INIT=SET COLLATION " + collation;
		try (HikariDataSource pool = Databases.pool(url)) {
			JdbcDatabase database = new JdbcDatabase(pool, Duration.ofSeconds(5));
			if (usable) {
				database.check();
			}
			else {
				assertThatIllegalStateException().isThrownBy(database::check).withMessageContaining("SET COLLATION");
			}
		}
	}

}
