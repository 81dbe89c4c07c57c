package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** How notices come in: by LISTEN, or from a table that is read again and again. */
interface NoticeReceiver extends AutoCloseable {

	/**
	 * The payloads that have come, in the order of each sender's; blocks.
	 * @param patience about how long to wait if there is none
	 * @throws SQLException when the connection is lost
	 */
	List<String> hear(Duration patience) throws SQLException;

	/** Lets go of what it holds; does not throw; at most 2 s. */
	@Override
	void close();

}
