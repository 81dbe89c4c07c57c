package dev.realtime.bench.durable;

import java.sql.SQLException;
import java.util.List;

import dev.realtime.Topic;

/** One way to store messages. */
interface Contender {

	String name();

	/** Whether several messages share a transaction. */
	boolean isBatched();

	/**
	 * Stores on the topics in turn, for so long as the options say; returns when all that
	 * was begun is committed. The tables are empty before.
	 * @throws IllegalStateException when one could not be stored, or is not there
	 * afterwards
	 */
	Measured measure(List<Topic> topics) throws SQLException;

	/** How many messages it stores on the topics before it measures. */
	int before(List<Topic> topics);

}
