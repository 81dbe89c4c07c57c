package dev.realtime.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks PostgreSQL how it would run queries on rows that only one transaction sees. */
public final class QueryPlans implements AutoCloseable {

	private final Connection connection;

	private QueryPlans(Connection connection) {
		this.connection = connection;
	}

	/** Begins the transaction. */
	public static QueryPlans open() throws SQLException {
		Connection connection = Databases.postgresql().getConnection();
		connection.setAutoCommit(false);
		return new QueryPlans(connection);
	}

	/** Adds rows. */
	public QueryPlans with(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
		return this;
	}

	/** Counts the rows of our tables, as the planner needs it. */
	public QueryPlans analyzed(String... tables) throws SQLException {
		for (String table : tables) {
			with("ANALYZE realtime_" + table);
		}
		return this;
	}

	/** How the query would be run. */
	public String of(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement("EXPLAIN " + sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			StringBuilder plan = new StringBuilder();
			try (ResultSet lines = statement.executeQuery()) {
				while (lines.next()) {
					plan.append(lines.getString(1)).append('\n');
				}
			}
			return plan.toString();
		}
	}

	/** Rolls back: nothing stays. */
	@Override
	public void close() throws SQLException {
		try (Connection ended = this.connection) {
			ended.rollback();
		}
	}

}
