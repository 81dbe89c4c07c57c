package dev.realtime.jdbc;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JdbcDialectTests {

	@Test
	void anUnknownDatabaseIsToldWhichAreSupported() {
		assertThatIllegalStateException().isThrownBy(() -> JdbcDialect.of("Oracle", "23", 23, 0))
			.withMessage("The database \"Oracle\" is not supported; the log in a database supports PostgreSQL, "
					+ "MariaDB, MySQL and H2");
	}

	@Test
	void statementsAreCompoundWhereMariadbAnswersItsOwnDriver() {
		assertThat(JdbcDialect.of("MariaDB", "10.3.39-MariaDB", 10, 3).compound()).isTrue();
		assertThat(JdbcDialect.of("MySQL", "5.5.5-10.11.19-MariaDB", 10, 11).compound()).isFalse();
		assertThat(JdbcDialect.of("MySQL", "8.0.36", 8, 0).compound()).isFalse();
	}

	@Test
	void lockedRowsAreSkippedWhereTheDatabaseCan() {
		assertThat(JdbcDialect.of("MariaDB", "10.11.19-MariaDB", 10, 11).skipsLocked()).isTrue();
		assertThat(JdbcDialect.of("MariaDB", "10.5.1-MariaDB", 10, 5).skipsLocked()).isFalse();
		assertThat(JdbcDialect.of("MySQL", "8.0.36", 8, 0).skipsLocked()).isTrue();
		assertThat(JdbcDialect.of("MySQL", "5.7.44", 5, 7).skipsLocked()).isFalse();
		assertThat(JdbcDialect.of("MySQL", "5.5.5-10.11.19-MariaDB", 10, 11).skipsLocked()).isFalse();
		assertThat(JdbcDialect.of("H2", "2.3.232", 2, 3).skipsLocked()).isTrue();
		assertThat(JdbcDialect.of("PostgreSQL", "15.18", 15, 18).skipsLocked()).isTrue();
	}

}
