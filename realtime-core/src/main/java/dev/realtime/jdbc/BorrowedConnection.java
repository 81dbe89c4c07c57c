package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection of the application's pool while the engine uses it. It remembers which
 * settings are changed and gives the connection back as it came, because not every pool
 * restores them. For one thread.
 */
final class BorrowedConnection implements AutoCloseable {

	/** What the driver does not tell, or what was not changed. */
	private static final int UNCHANGED = -1;

	private final Connection connection;

	private boolean autoCommit = true;

	private int networkTimeoutMillis = UNCHANGED;

	private int isolation = UNCHANGED;

	BorrowedConnection(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Sets auto-commit mode and limits how long the driver waits for an answer, if it can
	 * do that.
	 */
	void prepare(int answerMillis) throws SQLException {
		this.autoCommit = this.connection.getAutoCommit();
		if (!this.autoCommit) {
			this.connection.setAutoCommit(true);
		}
		try {
			int before = this.connection.getNetworkTimeout();
			this.connection.setNetworkTimeout(Runnable::run, answerMillis);
			this.networkTimeoutMillis = before;
		}
		catch (SQLException ex) {
			// a driver without it has the statement's limit only
		}
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * Begins a transaction with READ COMMITTED.
	 * @param before the connection's isolation level
	 */
	void begin(int before) throws SQLException {
		if (before != Connection.TRANSACTION_READ_COMMITTED) {
			this.isolation = before;
			// inside a transaction the isolation cannot be changed
			this.connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		}
		this.connection.setAutoCommit(false);
	}

	/** Gives the connection back as it came, or a broken one if that fails. */
	@Override
	public void close() {
		try {
			if (!this.connection.isClosed()) {
				restore();
			}
		}
		catch (SQLException ex) {
			// it must not be used again as it is
			abort();
		}
		finally {
			giveBack();
		}
	}

	private void restore() throws SQLException {
		if (!this.connection.getAutoCommit()) {
			this.connection.setAutoCommit(true);
		}
		if (this.isolation != UNCHANGED) {
			this.connection.setTransactionIsolation(this.isolation);
		}
		if (!this.autoCommit) {
			this.connection.setAutoCommit(false);
		}
		if (this.networkTimeoutMillis != UNCHANGED) {
			this.connection.setNetworkTimeout(Runnable::run, this.networkTimeoutMillis);
		}
	}

	/** Breaks it, so that the server rolls back what is open. */
	void abort() {
		try {
			this.connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// it is broken, and a server rolls back what a lost connection leaves
		}
	}

	private void giveBack() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			// it is broken: what was committed stays committed
		}
	}

}
