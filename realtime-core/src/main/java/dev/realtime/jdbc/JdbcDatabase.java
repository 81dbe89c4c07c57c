package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import dev.realtime.loop.Environment;
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

	/** In the other databases the columns have a collation of their own. */
	private static final String COLLATES = "SELECT CAST(? AS VARCHAR_CASESENSITIVE) = CAST(? AS VARCHAR_CASESENSITIVE)";

	private final DataSource dataSource;

	private final int timeoutSeconds;

	private final Environment environment;

	/** How long it is taken for granted that connections come with READ COMMITTED. */
	private static final long ISOLATION_KNOWN_NANOS = TimeUnit.SECONDS.toNanos(10);

	private volatile @Nullable JdbcDialect dialect;

	/**
	 * When a connection was last found with READ COMMITTED, or 0. Asking each time costs
	 * a round trip a transaction with most drivers.
	 */
	private volatile long readCommittedNanos;

	private final RecentAnswers recent;

	private volatile boolean answers = true;

	/**
	 * A database that is not used yet.
	 * @param statementTimeout the longest that a statement may take, in whole seconds, 1
	 * or more
	 */
	public JdbcDatabase(DataSource dataSource, Duration statementTimeout) {
		this(dataSource, statementTimeout, Environment.system());
	}

	/**
	 * A database that is not used yet.
	 * @param statementTimeout the longest that a statement may take, in whole seconds, 1
	 * or more
	 * @param environment the source of time and randomness of whatever uses the database
	 */
	public JdbcDatabase(DataSource dataSource, Duration statementTimeout, Environment environment) {
		if (statementTimeout.toSeconds() < 1 || statementTimeout.toSeconds() > 3_600) {
			throw new IllegalArgumentException("A statement timeout is 1s to 1h, not " + statementTimeout);
		}
		this.dataSource = dataSource;
		this.environment = environment;
		this.recent = new RecentAnswers(environment);
		this.timeoutSeconds = (int) statementTimeout.toSeconds();
	}

	/** Returns the source of time and randomness of whatever uses the database. */
	public Environment environment() {
		return this.environment;
	}

	/** Whether the last use found a database that answered. */
	public boolean answers() {
		return this.answers;
	}

	/**
	 * Connects once, to know which database it is and that it has the schema.
	 * @throws SQLException when it is away, or lacks the schema
	 * @throws IllegalStateException when it is none that is supported, or takes different
	 * texts for equal
	 */
	public void check() throws SQLException {
		read((session) -> session.query("SELECT last_seq FROM realtime_topic WHERE topic = ?", (row) -> row.getLong(1),
				"_"));
		List<Boolean> collates = read((session) -> (session.dialect().family() == JdbcDialect.Family.H2)
				? session.query(COLLATES, (row) -> row.getBoolean(1), "\u00fc", "u\u0308") : List.of());
		if (collates.contains(true)) {
			throw new IllegalStateException("The collation of the H2 database (SET COLLATION) treats different topic "
					+ "names as equal; use a database without a collation, or one with STRENGTH IDENTICAL");
		}
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
		return new JdbcSession(connection, dialect(connection), this.timeoutSeconds, null, this.environment);
	}

	private JdbcDialect dialect(Connection connection) throws SQLException {
		JdbcDialect known = this.dialect;
		if (known == null) {
			known = JdbcDialect.of(connection);
			this.dialect = known;
		}
		return known;
	}

	private <T> T run(Work<T> work, boolean transaction) throws SQLException {
		boolean reconnected = false;
		for (int conflicts = 0;; conflicts++) {
			BorrowedConnection borrowed = borrow();
			try (borrowed) {
				borrowed.prepare((int) TimeUnit.SECONDS.toMillis(this.timeoutSeconds + 1L));
				return transaction ? transaction(borrowed, work) : work.run(session(borrowed.connection()));
			}
			catch (SQLException ex) {
				JdbcFailure failure = noted(JdbcFailure.of(ex));
				if (failure == JdbcFailure.CONFLICT) {
					// a stricter isolation than expected has more of them
					this.readCommittedNanos = 0;
				}
				if (failure == JdbcFailure.UNKNOWN) {
					ask();
				}
				boolean again = (failure == JdbcFailure.CONFLICT && conflicts < MAX_CONFLICTS)
						|| (failure == JdbcFailure.AWAY && !reconnected);
				if (!again) {
					throw ex;
				}
				reconnected |= failure == JdbcFailure.AWAY;
			}
			// those who met should not meet again
			this.environment.pause(Duration.ofMillis(this.environment.random().nextLong(1, 20)));
		}
	}

	private <T> T transaction(BorrowedConnection borrowed, Work<T> work) throws SQLException {
		Connection connection = borrowed.connection();
		JdbcDialect known = dialect(connection);
		int isolation = known.compound() ? Connection.TRANSACTION_READ_COMMITTED : isolation(connection);
		Transaction transaction = new Transaction(borrowed, known, isolation, this.recent.isRecent(connection));
		try {
			T result = work.run(new JdbcSession(connection, known, this.timeoutSeconds, transaction, this.environment));
			transaction.commit();
			this.recent.add(connection);
			return result;
		}
		catch (Throwable ex) {
			transaction.rollback(ex);
			throw ex;
		}
	}

	/** Finds out whether it answers. */
	private void ask() {
		try {
			var unused = read((session) -> session.query("SELECT 1", (row) -> true));
		}
		catch (SQLException ex) {
			// noted
		}
	}

	private int isolation(Connection connection) throws SQLException {
		long now = this.environment.nanoTime();
		long known = this.readCommittedNanos;
		if (known != 0 && now - known < ISOLATION_KNOWN_NANOS) {
			return Connection.TRANSACTION_READ_COMMITTED;
		}
		int isolation = connection.getTransactionIsolation();
		this.readCommittedNanos = (isolation == Connection.TRANSACTION_READ_COMMITTED) ? now : 0;
		return isolation;
	}

	private BorrowedConnection borrow() throws SQLException {
		try {
			BorrowedConnection borrowed = new BorrowedConnection(this.dataSource.getConnection());
			this.answers = true;
			return borrowed;
		}
		catch (SQLException | RuntimeException ex) {
			this.answers = false;
			throw new SQLNonTransientConnectionException("No connection to the database: " + ex.getMessage(), "08001",
					ex);
		}
	}

	private JdbcFailure noted(JdbcFailure failure) {
		if (failure == JdbcFailure.AWAY) {
			this.answers = false;
		}
		return failure;
	}

	/** Statements on one connection. */
	@FunctionalInterface
	public interface Work<T> {

		/** Runs them; may be called again, see {@link JdbcDatabase#write}. */
		T run(JdbcSession session) throws SQLException;

	}

}
