package dev.realtime.log.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

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

	/** The open transaction, where it is none of the driver's. */
	private @Nullable LazyBegin begin;

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

	/** Leaves it to the first statement to begin a transaction with READ COMMITTED. */
	LazyBegin beginLater() {
		LazyBegin later = new LazyBegin(this.connection);
		this.begin = later;
		return later;
	}

	void commit() throws SQLException {
		try {
			if (this.begin != null) {
				this.begin.commit();
			}
			else {
				this.connection.commit();
			}
		}
		catch (SQLException ex) {
			throw JdbcFailure.isRolledBack(ex) ? ex : new JdbcFailure.CommitUnknownException(ex);
		}
	}

	void rollback() {
		try {
			if (this.begin != null) {
				this.begin.rollback();
			}
			else {
				this.connection.rollback();
			}
		}
		catch (SQLException ex) {
			// what is still open must not be committed by giving the connection back
			abort();
		}
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

	private void abort() {
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
