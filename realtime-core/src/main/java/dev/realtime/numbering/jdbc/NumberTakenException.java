package dev.realtime.numbering.jdbc;

import java.sql.SQLException;

/**
 * A number that a counter gave belongs to somebody else already, or no longer to the
 * topic's epoch: the counter has forgotten something. Another number must be taken.
 */
final class NumberTakenException extends SQLException {

	NumberTakenException() {
		super("A number from the counter is already in use");
	}

}
