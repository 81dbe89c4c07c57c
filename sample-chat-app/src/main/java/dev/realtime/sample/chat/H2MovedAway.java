package dev.realtime.sample.chat;

import java.sql.SQLException;
import java.util.Set;

import com.zaxxer.hikari.SQLExceptionOverride;

/**
 * Tells HikariCP which errors of H2 end a connection. The node that serves the file of
 * the database can be killed; H2's errors for that have no SQL state of the class 08, so
 * the pool would lend the dead connection again, and never test one that was in use
 * within the last half second.
 */
public class H2MovedAway implements SQLExceptionOverride {

	/** Connection broken, database closed, and database closing. */
	private static final Set<Integer> CODES = Set.of(90067, 90121, 90098);

	@java.lang.Override
	public Override adjudicate(SQLException failure) {
		return CODES.contains(failure.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
	}

}
