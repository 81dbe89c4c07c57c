package dev.realtime.relay.postgres;

import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.jdbc.JdbcSession;

/**
 * The statements of the relay. All nodes whose schema is the same use one channel, whose
 * name has the number of its table {@code realtime_topic}. Safe for any number of
 * threads.
 */
final class Notices {

	static final String CHANNEL = "'realtime_' || CAST(CAST('realtime_topic' AS REGCLASS) AS OID)";

	/**
	 * One statement, so one transaction of its own. Nothing is lost that the log does not
	 * have, so its commit need not wait for the disk. The table is written only while a
	 * node reads it.
	 */
	private static final String SEND = """
			WITH parts (part, payload) AS (VALUES %s), stored AS (INSERT INTO realtime_relay (payload)
			SELECT payload FROM parts WHERE EXISTS (SELECT 1 FROM realtime_relay_reader WHERE reads_until > clock_timestamp())
			ORDER BY part) SELECT set_config('synchronous_commit', 'off', true), pg_notify("""
			+ CHANNEL + ", payload) FROM (SELECT payload FROM parts ORDER BY part) AS ordered";

	private final String node;

	private final AtomicLong batches = new AtomicLong();

	/**
	 * Statements of one node.
	 * @param node its name in this life, at most 40 characters without blanks
	 */
	Notices(String node) {
		this.node = node;
	}

	String node() {
		return this.node;
	}

	List<String> payloads(String text) {
		return Parts.cut(this.node, this.batches.incrementAndGet(), text);
	}

	/** Tells all nodes; returns how many payloads that were. */
	int send(JdbcSession session, List<String> payloads) throws SQLException {
		Object[] parameters = new Object[2 * payloads.size()];
		for (int i = 0; i < payloads.size(); i++) {
			parameters[2 * i] = (long) i;
			parameters[2 * i + 1] = payloads.get(i);
		}
		String values = String.join(", ", Collections.nCopies(payloads.size(), "(CAST(? AS INT), CAST(? AS TEXT))"));
		return session.query(String.format(SEND, values), (row) -> true, parameters).size();
	}

}
