package dev.realtime.log.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * The application's database. Nothing here waits without an end: every statement has a
 * time limit, and where the driver can, every answer has one a second later. How long a
 * connection may be waited for is the pool's to limit; a few seconds are best.
 * <p>
 * Safe for any number of threads; its methods block. Threads that use it must never be
 * interrupted: an interrupt closes the files of an H2 database.
 */
public final class JdbcDatabase {

	/** How often a transaction that lost against others is run again. */
	static final int MAX_CONFLICTS = 8;

	private final DataSource dataSource;

	private final int timeoutSeconds;

	/** How long it is taken for granted that connections come with READ COMMITTED. */
	private static final long ISOLATION_KNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

	private volatile @Nullable JdbcDialect dialect;

	/**
	 * When a connection was last found with READ COMMITTED, or 0. Asking each time costs
	 * a round trip a transaction with most drivers.
	 */
	private volatile long readCommittedNanos;

	private volatile boolean answers = true;

	/**
	 * A database that is not used yet.
	 * @param statementTimeout the longest that a statement may take, in whole seconds, 1
	 * or more
	 */
	public JdbcDatabase(DataSource dataSource, Duration statementTimeout) {
		if (statementTimeout.toSeconds() < 1 || statementTimeout.toSeconds() > 3_600) {
			throw new IllegalArgumentException("A statement timeout is 1s to 1h, not " + statementTimeout);
		}
		this.dataSource = dataSource;
		this.timeoutSeconds = (int) statementTimeout.toSeconds();
	}

	/** Whether the last use found a database that answered. */
	public boolean answers() {
		return this.answers;
	}

	/**
	 * Connects once, to know which database it is and that it has the schema.
	 * @throws SQLException when it is away, or lacks the schema
	 * @throws IllegalStateException when it is none that is supported
	 */
	public void check() throws SQLException {
		read((session) -> session.query("SELECT last_seq FROM realtime_topic WHERE topic = ?", (row) -> row.getLong(1),
				"_"));
	}

	/**
	 * Runs statements of which each sees what is committed when it starts, and is
	 * committed when it ends.
	 * @throws SQLException see {@link JdbcFailure#of}
	 */
	public <T> T read(Work<T> work) throws SQLException {
		return run(work, false);
	}

	/**
	 * Runs a transaction with READ COMMITTED. It is run again when it lost against
	 * another one, a bounded number of times, or, once, when its connection turned out to
	 * be broken: so the work must have no effects but those in the database, or such that
	 * may be had twice.
	 * @throws SQLException see {@link JdbcFailure#of}; unless that says UNKNOWN, nothing
	 * is in force
	 */
	public <T> T write(Work<T> work) throws SQLException {
		return run(work, true);
	}

	/**
	 * A session on a connection that is the caller's, who commits.
	 * @throws IllegalStateException when its database is none that is supported
	 */
	public JdbcSession session(Connection connection) throws SQLException {
		JdbcDialect known = this.dialect;
		if (known == null) {
			known = JdbcDialect.of(connection);
			this.dialect = known;
		}
		return new JdbcSession(connection, known, this.timeoutSeconds);
	}

	private <T> T run(Work<T> work, boolean transaction) throws SQLException {
		boolean reconnected = false;
		for (int conflicts = 0;; conflicts++) {
			Connection connection = open();
			try {
				return transaction ? transaction(connection, work) : statements(connection, work);
			}
			catch (SQLException ex) {
				JdbcFailure failure = noted(JdbcFailure.of(ex));
				if (failure == JdbcFailure.CONFLICT) {
					// a stricter isolation than expected has more of them
					this.readCommittedNanos = 0;
				}
				boolean again = (failure == JdbcFailure.CONFLICT && conflicts < MAX_CONFLICTS)
						|| (failure == JdbcFailure.AWAY && !reconnected);
				if (!again) {
					throw ex;
				}
				reconnected |= failure == JdbcFailure.AWAY;
			}
			finally {
				close(connection);
			}
			// those who met should not meet again
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(1, 20)));
		}
	}

	private <T> T statements(Connection connection, Work<T> work) throws SQLException {
		if (!connection.getAutoCommit()) {
			connection.setAutoCommit(true);
		}
		return work.run(session(connection));
	}

	private <T> T transaction(Connection connection, Work<T> work) throws SQLException {
		// in this order: inside a transaction the isolation cannot be changed
		if (!connection.getAutoCommit()) {
			connection.setAutoCommit(true);
		}
		int isolation = isolation(connection);
		if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
			connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		}
		connection.setAutoCommit(false);
		boolean done = false;
		try {
			T result = work.run(session(connection));
			commit(connection);
			done = true;
			return result;
		}
		finally {
			if (!done) {
				rollback(connection);
			}
			if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
				restore(connection, isolation);
			}
		}
	}

	private int isolation(Connection connection) throws SQLException {
		long now = System.nanoTime();
		long known = this.readCommittedNanos;
		if (known != 0 && now - known < ISOLATION_KNOWN_NANOS) {
			return Connection.TRANSACTION_READ_COMMITTED;
		}
		int isolation = connection.getTransactionIsolation();
		this.readCommittedNanos = (isolation == Connection.TRANSACTION_READ_COMMITTED) ? now : 0;
		return isolation;
	}

	/**
	 * Gives a connection back to its pool as it came: not every pool does that itself.
	 */
	private static void restore(Connection connection, int isolation) {
		try {
			if (!connection.isClosed()) {
				connection.setAutoCommit(true);
				connection.setTransactionIsolation(isolation);
			}
		}
		catch (SQLException ex) {
			// it must not be used again as it is
			abort(connection);
		}
	}

	private static void commit(Connection connection) throws SQLException {
		try {
			connection.commit();
		}
		catch (SQLException ex) {
			throw JdbcFailure.isRolledBack(ex) ? ex : new JdbcFailure.CommitUnknownException(ex);
		}
	}

	private Connection open() throws SQLException {
		Connection connection;
		try {
			connection = this.dataSource.getConnection();
		}
		catch (SQLException | RuntimeException ex) {
			this.answers = false;
			throw new SQLNonTransientConnectionException("No connection to the database: " + ex.getMessage(), "08001",
					ex);
		}
		try {
			connection.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(this.timeoutSeconds + 1L));
		}
		catch (SQLException ex) {
			// a driver without it has the statement's limit only
		}
		catch (Throwable ex) {
			abandon(connection);
			throw ex;
		}
		this.answers = true;
		return connection;
	}

	private JdbcFailure noted(JdbcFailure failure) {
		if (failure == JdbcFailure.AWAY) {
			this.answers = false;
		}
		return failure;
	}

	private static void rollback(Connection connection) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			// what is still open must not be committed by giving the connection back
			abort(connection);
		}
	}

	private static void abort(Connection connection) {
		try {
			connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			// it is broken, and a server rolls back what a lost connection leaves
		}
	}

	/**
	 * A pool sets what was changed back by itself; for others the connection ends here.
	 */
	private static void close(Connection connection) {
		try {
			if (!connection.isClosed()) {
				if (!connection.getAutoCommit()) {
					connection.setAutoCommit(true);
				}
				connection.close();
			}
		}
		catch (SQLException ex) {
			abandon(connection);
		}
	}

	private static void abandon(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// it is broken: what was committed stays committed
		}
	}

	/** Statements on one connection. */
	@FunctionalInterface
	public interface Work<T> {

		/** Runs them; may be called again, see {@link JdbcDatabase#write}. */
		T run(JdbcSession session) throws SQLException;

	}

}
