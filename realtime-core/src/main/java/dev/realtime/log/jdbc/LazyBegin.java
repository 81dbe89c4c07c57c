package dev.realtime.log.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The beginning of a transaction of the engine's own where the database can read several
 * statements at once: it is sent with the first statement, or just before it, and sets
 * the isolation of this one transaction. So the connection's settings are neither asked
 * for nor changed, which would cost a round trip each. For one thread.
 */
final class LazyBegin {

	/** Begin a transaction on a connection with auto-commit. */
	static final String STATEMENTS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; ";

	private static final String BEGIN = "BEGIN NOT ATOMIC " + STATEMENTS + "END";

	private final Connection connection;

	private boolean begun;

	LazyBegin(Connection connection) {
		this.connection = connection;
	}

	/** Whether the next statement has to begin the transaction. */
	boolean isPending() {
		return !this.begun;
	}

	/** Begins the transaction unless that was done. */
	void now() throws SQLException {
		if (!this.begun) {
			this.begun = true;
			execute(BEGIN);
		}
	}

	/** Leaves it to the statement that is sent next, which contains the beginning. */
	void withNext() {
		this.begun = true;
	}

	/** Commits if something was begun. */
	void commit() throws SQLException {
		end("COMMIT");
	}

	/** Rolls back if something was begun. */
	void rollback() throws SQLException {
		end("ROLLBACK");
	}

	private void end(String statement) throws SQLException {
		if (this.begun) {
			execute(statement);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
