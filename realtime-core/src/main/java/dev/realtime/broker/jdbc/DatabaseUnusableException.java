package dev.realtime.broker.jdbc;

import java.sql.SQLException;

/** The database was away, or lacked the schema, when the broker started. */
public class DatabaseUnusableException extends IllegalStateException {

	/** Says why. */
	public DatabaseUnusableException(SQLException cause) {
		super("The database cannot be used: " + cause.getMessage(), cause);
	}

}
