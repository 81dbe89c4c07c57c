package dev.realtime.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction of the engine's own on a borrowed connection, which begins with its first
 * statement. Where that statement is all there is to do, and the connection answered
 * lately, it is committed with it, in one round trip. For one thread.
 * <p>
 * MariaDB reads several statements at once, so what begins and commits is part of the
 * text, and the connection's settings are neither asked for nor changed, which would cost
 * a round trip each. PostgreSQL commits a statement in auto-commit mode by itself, and
 * its driver sends what begins a transaction together with the first statement. With
 * other databases the driver begins and commits.
 */
final class Transaction {

	private static final String BEGIN_NOW = "BEGIN NOT ATOMIC " + JdbcDialect.COMPOUND_BEGIN + "END";

	private static final String IS_OPEN = "SELECT @@in_transaction";

	private final BorrowedConnection borrowed;

	private final JdbcDialect dialect;

	private final int isolation;

	private final boolean recent;

	private State state = State.PENDING;

	/**
	 * A transaction that is to begin.
	 * @param isolation the connection's, where the dialect has the driver begin
	 * @param recent whether the connection answered lately, so that a statement which it
	 * does not answer was most likely received
	 */
	Transaction(BorrowedConnection borrowed, JdbcDialect dialect, int isolation, boolean recent) {
		this.borrowed = borrowed;
		this.dialect = dialect;
		this.isolation = isolation;
		this.recent = recent;
	}

	/** Begins it unless it has begun. */
	void begin() throws SQLException {
		if (this.state == State.PENDING) {
			this.state = State.OPEN;
			if (this.dialect.compound()) {
				execute(BEGIN_NOW);
			}
			else {
				this.borrowed.begin(this.isolation);
			}
		}
	}

	/** Which ends of the transaction the next statement is to contain, if it can. */
	TransactionEnds next() {
		if (this.state != State.PENDING) {
			return TransactionEnds.NEITHER;
		}
		if (this.dialect.compound()) {
			return this.recent ? TransactionEnds.BOTH : TransactionEnds.BEGIN;
		}
		return (this.recent && this.dialect.family() == JdbcDialect.Family.POSTGRESQL
				&& this.isolation == Connection.TRANSACTION_READ_COMMITTED) ? TransactionEnds.BOTH
						: TransactionEnds.NEITHER;
	}

	/** Notes that a statement is sent which contains these ends, one at least. */
	void sent(TransactionEnds ends) {
		this.state = (ends == TransactionEnds.BOTH) ? State.ALONE : State.OPEN;
	}

	/**
	 * Notes that the statement was answered.
	 * @param stored whether it did its work: if not, it committed nothing
	 */
	void answered(boolean stored) {
		if (this.state == State.ALONE) {
			this.state = stored ? State.COMMITTED : (this.dialect.compound() ? State.OPEN : State.PENDING);
		}
	}

	/** Commits what was begun. */
	void commit() throws SQLException {
		if (this.state != State.OPEN) {
			return;
		}
		try {
			if (this.dialect.compound()) {
				execute("COMMIT");
			}
			else {
				this.borrowed.connection().commit();
			}
		}
		catch (SQLException ex) {
			throw JdbcFailure.isRolledBack(ex) ? ex : new JdbcFailure.CommitUnknownException(ex);
		}
	}

	/**
	 * Rolls back what was begun.
	 * @throws JdbcFailure.CommitUnknownException when it may be in force
	 */
	void rollback(Throwable cause) throws JdbcFailure.CommitUnknownException {
		boolean alone = this.state == State.ALONE;
		if (alone && cause instanceof Exception failure && isUnknown(failure)) {
			throw new JdbcFailure.CommitUnknownException(failure);
		}
		if (this.state == State.OPEN || (alone && this.dialect.compound())) {
			try {
				if (this.dialect.compound()) {
					execute("ROLLBACK");
				}
				else {
					this.borrowed.connection().rollback();
				}
			}
			catch (SQLException ex) {
				// what is still open must not be committed by giving the connection back
				this.borrowed.abort();
			}
		}
	}

	/** Whether a statement that was to commit by itself may have done so. */
	private boolean isUnknown(Exception cause) {
		if (!(cause instanceof SQLException failure)) {
			return true;
		}
		JdbcFailure meaning = JdbcFailure.of(failure);
		if (meaning == JdbcFailure.AWAY || !this.dialect.compound()) {
			return meaning == JdbcFailure.AWAY;
		}
		return !JdbcFailure.isRolledBack(failure) && !JdbcFailure.isNotBegun(failure) && !isOpen();
	}

	/** Whether MariaDB still has the transaction open, and so has not committed it. */
	private boolean isOpen() {
		try (Statement statement = this.borrowed.connection().createStatement();
				ResultSet result = statement.executeQuery(IS_OPEN)) {
			return result.next() && result.getBoolean(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.borrowed.connection().createStatement()) {
			statement.execute(sql);
		}
	}

	private enum State {

		PENDING, OPEN, ALONE, COMMITTED

	}

}
