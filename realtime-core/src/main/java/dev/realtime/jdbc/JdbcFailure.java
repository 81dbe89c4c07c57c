package dev.realtime.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a failure means for the transaction that met it. */
public enum JdbcFailure {

	/** The commit was sent and its answer lost: the transaction may be in force. */
	UNKNOWN,

	/** There is no connection, or it broke before the commit: nothing is in force. */
	AWAY,

	/** It lost against another transaction and may simply be run again. */
	CONFLICT,

	/** It took longer than it may, mostly because another transaction holds a lock. */
	TIMEOUT,

	/** The database does not want it; trying again changes nothing. */
	REFUSED;

	/** Duplicate rows and such, found at the commit. */
	private static final String CONSTRAINT_CLASS = "23";

	/** Syntax errors and missing privileges. */
	private static final String ACCESS_CLASS = "42";

	/** PostgreSQL, H2: a key that is there already. */
	private static final String DUPLICATE = "23505";

	private static final int MYSQL_DUPLICATE = 1062;

	/** H2: database closed, connection broken, shutting down, object closed. */
	private static final Set<Integer> H2_AWAY = Set.of(90098, 90067, 90121, 90007);

	private static final int H2_CONCURRENT_UPDATE = 90131;

	private static final int H2_LOCK_TIMEOUT = 50200;

	/** MySQL: lock wait timeout, query interrupted, maximum time (MariaDB, MySQL). */
	private static final Set<Integer> MYSQL_TIMEOUT = Set.of(1205, 1317, 1969, 3024);

	/** MySQL: record has changed since last read; deadlock. */
	private static final Set<Integer> MYSQL_CONFLICT = Set.of(1020, 1213);

	/** PostgreSQL: query cancelled, lock not available. */
	private static final Set<String> TIMEOUT_STATES = Set.of("57014", "55P03", "HYT00");

	/** PostgreSQL: shutting down, crashed, starting up, too many connections. */
	private static final Set<String> AWAY_STATES = Set.of("57P01", "57P02", "57P03", "53300");

	/** What the given failure means. */
	public static JdbcFailure of(SQLException failure) {
		if (failure instanceof CommitUnknownException) {
			return UNKNOWN;
		}
		for (SQLException each = failure; each != null; each = each.getNextException()) {
			JdbcFailure meaning = ofOne(each);
			if (meaning != REFUSED) {
				return meaning;
			}
			if (each.getCause() instanceof SQLException cause && cause != each && ofOne(cause) != REFUSED) {
				return ofOne(cause);
			}
		}
		return REFUSED;
	}

	/** Whether a failed commit is known to have rolled back. */
	static boolean isRolledBack(SQLException commit) {
		return of(commit) == CONFLICT || state(commit).startsWith(CONSTRAINT_CLASS);
	}

	/** Whether a statement was refused as it is, or for lack of a privilege. */
	static boolean isNotBegun(SQLException failure) {
		return state(failure).startsWith(ACCESS_CLASS);
	}

	/** Whether a row was not inserted because its key is taken. */
	public static boolean isDuplicate(SQLException failure) {
		for (SQLException each = failure; each != null; each = each.getNextException()) {
			if (DUPLICATE.equals(state(each)) || each.getErrorCode() == MYSQL_DUPLICATE) {
				return true;
			}
		}
		return false;
	}

	private static JdbcFailure ofOne(SQLException failure) {
		String state = state(failure);
		int code = failure.getErrorCode();
		if (failure instanceof SQLTransientConnectionException || failure instanceof SQLNonTransientConnectionException
				|| failure instanceof SQLRecoverableException || state.startsWith("08") || AWAY_STATES.contains(state)
				|| H2_AWAY.contains(code) || isClosed(failure)) {
			return AWAY;
		}
		if (failure instanceof SQLTimeoutException || TIMEOUT_STATES.contains(state) || code == H2_LOCK_TIMEOUT
				|| MYSQL_TIMEOUT.contains(code)) {
			return TIMEOUT;
		}
		if (failure instanceof SQLTransactionRollbackException || state.startsWith("40") || code == H2_CONCURRENT_UPDATE
				|| MYSQL_CONFLICT.contains(code)) {
			return CONFLICT;
		}
		return REFUSED;
	}

	/** A pool's own word for a connection that it took away: it has no state. */
	private static boolean isClosed(SQLException failure) {
		String message = failure.getMessage();
		return failure.getSQLState() == null && message != null && message.contains("Connection is closed");
	}

	private static String state(SQLException failure) {
		String state = failure.getSQLState();
		return (state != null) ? state : "";
	}

	/** A commit whose outcome nobody knows. */
	static final class CommitUnknownException extends SQLException {

		CommitUnknownException(Exception cause) {
			super("The outcome of the commit is unknown: " + cause.getMessage(),
					(cause instanceof SQLException failure) ? failure.getSQLState() : null, cause);
		}

	}

}
