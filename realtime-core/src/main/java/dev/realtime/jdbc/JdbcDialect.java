package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What differs between the databases.
 *
 * @param family whose SQL it speaks
 * @param skipsLocked whether a query can pass over rows that another transaction has
 * locked
 * @param compound whether it runs several statements as one, with variables and
 * conditions, as MariaDB does
 */
public record JdbcDialect(Family family, boolean skipsLocked, boolean compound) {

	/** Begins a transaction in a compound statement, on a connection with auto-commit. */
	public static final String COMPOUND_BEGIN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; ";

	/** In this mode MariaDB reads compound statements as Oracle does. */
	private static final String ORACLE_MODE = "SELECT @@sql_mode LIKE '%ORACLE%'";

	/** Databases that speak alike. */
	public enum Family {

		H2, POSTGRESQL, MYSQL;

		/** Where its schema lies. */
		String folder() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * The dialect of a connection's database.
	 * @throws IllegalStateException when it is none that is supported
	 */
	static JdbcDialect of(Connection connection) throws SQLException {
		DatabaseMetaData database = connection.getMetaData();
		JdbcDialect dialect = of(database.getDatabaseProductName(), database.getDatabaseProductVersion(),
				database.getDatabaseMajorVersion(), database.getDatabaseMinorVersion());
		return (dialect.compound && speaksOracle(connection))
				? new JdbcDialect(dialect.family, dialect.skipsLocked, false) : dialect;
	}

	static JdbcDialect of(String product, String version, int major, int minor) {
		return switch (product) {
			case "H2" -> new JdbcDialect(Family.H2, atLeast(major, minor, 2, 2), false);
			case "PostgreSQL" -> new JdbcDialect(Family.POSTGRESQL, true, false);
			case "MariaDB" -> new JdbcDialect(Family.MYSQL, atLeast(major, minor, 10, 6), true);
			// MySQL's own driver calls MariaDB so, too, and hides its version
			case "MySQL" -> new JdbcDialect(Family.MYSQL, major >= 8 && !version.contains("MariaDB"), false);
			default -> throw new IllegalStateException("The database \"" + product + "\" is not supported; the "
					+ "log in a database supports PostgreSQL, MariaDB, MySQL and H2");
		};
	}

	/**
	 * Inserts a row unless there is one with its key.
	 * @param columns which are the parameters, the key's first
	 * @param keys how many columns the key has
	 */
	String insertUnlessThere(String table, List<String> columns, int keys) {
		String names = String.join(", ", columns);
		String insert = "INSERT INTO " + table + " (" + names + ") VALUES (" + JdbcSession.marks(columns.size()) + ")";
		List<String> key = columns.subList(0, keys);
		return switch (this.family) {
			case POSTGRESQL -> insert + " ON CONFLICT (" + String.join(", ", key) + ") DO NOTHING";
			case MYSQL -> insert + " ON DUPLICATE KEY UPDATE " + key.get(0) + " = " + key.get(0);
			case H2 -> {
				// The parameters have numbers: a column of a derived table would lose its
				// case.
				List<String> numbers = IntStream.rangeClosed(1, columns.size()).mapToObj((i) -> "?" + i).toList();
				yield "MERGE INTO " + table + " t USING DUAL ON "
						+ IntStream.range(0, keys)
							.mapToObj((i) -> "t." + columns.get(i) + " = " + numbers.get(i))
							.collect(Collectors.joining(" AND "))
						+ " WHEN NOT MATCHED THEN INSERT (" + names + ") VALUES (" + String.join(", ", numbers) + ")";
			}
		};
	}

	/** What locks the rows of a query that does not wait for rows locked by others. */
	public String forUpdateSkipLocked() {
		return this.skipsLocked ? " FOR UPDATE SKIP LOCKED" : " FOR UPDATE";
	}

	/**
	 * Whether locking a row that is not there may lock the gap where it would be, as it
	 * does in the application's REPEATABLE READ transactions.
	 */
	public boolean locksGaps() {
		return this.family == Family.MYSQL;
	}

	private static boolean speaksOracle(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(ORACLE_MODE)) {
			return result.next() && result.getBoolean(1);
		}
	}

	private static boolean atLeast(int major, int minor, int wantedMajor, int wantedMinor) {
		return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
	}

}
