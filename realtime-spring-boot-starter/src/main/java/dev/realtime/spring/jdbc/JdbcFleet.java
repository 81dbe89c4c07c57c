package dev.realtime.spring.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import dev.realtime.broker.jdbc.DatabaseUnusableException;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Environment;

/**
 * The database that a node without any other server uses for everything.
 *
 * @param pool gives connections
 * @param database where the log is
 * @param isPostgresql whether nodes can be a fleet by it; else this node is alone
 */
public record JdbcFleet(DataSource pool, JdbcDatabase database, boolean isPostgresql) {

	/**
	 * Looks which database it is.
	 * @param environment the source of time and randomness
	 * @throws DatabaseUnusableException when it is away
	 */
	public static JdbcFleet of(DataSource pool, Duration statementTimeout, Environment environment) {
		try (Connection connection = pool.getConnection()) {
			String product = connection.getMetaData().getDatabaseProductName();
			return new JdbcFleet(pool, new JdbcDatabase(pool, statementTimeout, environment),
					"PostgreSQL".equals(product));
		}
		catch (SQLException ex) {
			throw new DatabaseUnusableException(ex);
		}
	}

}
