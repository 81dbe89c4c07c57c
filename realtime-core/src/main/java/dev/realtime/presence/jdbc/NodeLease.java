package dev.realtime.presence.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.realtime.Epochs;
import dev.realtime.Topic;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.jdbc.JdbcSession;
import dev.realtime.presence.PresenceOptions;

/**
 * This node's lease, and the look after those of the others. A node whose lease has ended
 * is marked as dead in one transaction with the topics where its connections are, so that
 * those are due; from then on it cannot enter anything under that name. For one thread,
 * but {@link #node()} for any.
 */
final class NodeLease {

	/** Most topics that are looked after at once. */
	static final int CLAIM = 256;

	private static final String RENEW = "UPDATE realtime_presence_node SET lease_until = " + PresenceRows.NOW
			+ " + ? WHERE node = ? AND NOT dead";

	private static final String BEGIN = "INSERT INTO realtime_presence_node (node, lease_until) VALUES (?, "
			+ PresenceRows.NOW + " + ?)";

	private static final String OVER = "SELECT node FROM realtime_presence_node WHERE NOT dead AND lease_until < "
			+ PresenceRows.NOW + " ORDER BY node LIMIT 10 FOR UPDATE SKIP LOCKED";

	private static final String DUE = "UPDATE realtime_presence SET due_at = 1 WHERE topic IN (SELECT topic FROM "
			+ "realtime_presence_connection WHERE node = ?)";

	private static final String FORGET = "DELETE FROM realtime_presence_node n WHERE dead AND NOT EXISTS (SELECT 1 FROM "
			+ "realtime_presence_connection c WHERE c.node = n.node)";

	private static final String TAKE = "UPDATE realtime_presence SET due_at = " + PresenceRows.NOW
			+ " + ? WHERE topic IN (SELECT topic FROM realtime_presence WHERE due_at > 0 AND due_at <= "
			+ PresenceRows.NOW + " ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED) RETURNING topic";

	private final JdbcDatabase database;

	private final String nodeId;

	private final RandomGenerator random;

	private final PresenceOptions options;

	private volatile String node;

	NodeLease(JdbcDatabase database, String nodeId, PresenceOptions options, RandomGenerator random) {
		this.random = random;
		this.database = database;
		this.nodeId = nodeId;
		this.options = options;
		this.node = name();
	}

	/** Names this life of this node. */
	String node() {
		return this.node;
	}

	/**
	 * Renews the lease, or begins another life if this one has ended.
	 * @return whether this is another life
	 */
	boolean renew() throws SQLException {
		long lease = this.options.lease().toMillis();
		String known = this.node;
		boolean alive = this.database.read((session) -> session.update(RENEW, lease, known)) == 1;
		if (!alive) {
			String next = name();
			int unused = this.database.read((session) -> session.update(BEGIN, next, lease));
			this.node = next;
		}
		return !alive;
	}

	/** Takes topics where something is due; the next node takes them after a refresh. */
	List<Topic> claim() throws SQLException {
		long refresh = this.options.refresh().toMillis();
		return this.database.write((session) -> {
			markDead(session);
			return session.query(TAKE, (row) -> Topic.of(row.getString(1)), refresh, CLAIM);
		});
	}

	private static void markDead(JdbcSession session) throws SQLException {
		int unused = session.update(FORGET);
		for (String dead : new ArrayList<>(session.query(OVER, (row) -> row.getString(1)))) {
			unused += session.update("UPDATE realtime_presence_node SET dead = TRUE WHERE node = ?", dead);
			unused += session.update(DUE, dead);
		}
	}

	private String name() {
		return this.nodeId + '~' + Epochs.next(this.random);
	}

}
