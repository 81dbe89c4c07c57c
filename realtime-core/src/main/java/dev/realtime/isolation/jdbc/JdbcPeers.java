package dev.realtime.isolation.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.Epochs;
import dev.realtime.isolation.PeerView;
import dev.realtime.isolation.Peers;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each node has a row in the table {@code realtime_node}, whose number it raises every
 * interval. A row whose number has risen from one look to the next is of a node that
 * lives, and is as fresh as the look: no clocks are compared. A node takes its row along
 * when it leaves; rows of nodes that died are deleted by another one.
 */
public final class JdbcPeers implements Peers {

	private static final Logger logger = LoggerFactory.getLogger(JdbcPeers.class);

	/** Most rows that are read; of a larger fleet these stand for all. */
	private static final int MOST = 1_000;

	private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final String BEAT = "UPDATE realtime_node SET beats = beats + 1, reaches = ? WHERE node = ?";

	private static final String ALL = "SELECT node, beats, reaches FROM realtime_node WHERE node <> ? ORDER BY node LIMIT "
			+ MOST;

	private final JdbcDatabase database;

	private final Environment environment;

	private final long intervalNanos;

	private final String node;

	/** Of the last look, by node. */
	private Map<String, Seen> seen = Map.of();

	private long lookedNanos;

	/** The numbers of a minute ago, to find the rows of nodes that died. */
	private Map<String, Long> beats = Map.of();

	private long forgotNanos;

	private volatile boolean closed;

	/**
	 * Says and knows nothing yet.
	 * @param database one that has the schema; each call uses it once or twice
	 * @param nodeId for people who look into the table; at most 64 characters; made
	 * unique here
	 * @param interval how often nodes say how they are
	 */
	public JdbcPeers(JdbcDatabase database, String nodeId, Duration interval) {
		this.database = database;
		this.environment = database.environment();
		this.forgotNanos = this.environment.nanoTime();
		this.intervalNanos = interval.toNanos();
		this.node = nodeId + '~' + Epochs.next(this.environment.secureRandom());
	}

	@Override
	public void say(boolean reaches) throws SQLException {
		if (this.closed) {
			return;
		}
		int flag = reaches ? 1 : 0;
		if (this.database.read((session) -> session.update(BEAT, flag, this.node)) == 0) {
			int unused = this.database.read((session) -> session
				.update("INSERT INTO realtime_node (node, beats, reaches) VALUES (?, 1, ?)", this.node, flag));
		}
		long now = this.environment.nanoTime();
		if (now - this.forgotNanos >= FORGET_NANOS) {
			this.forgotNanos = now;
			forget();
		}
	}

	@Override
	public PeerView look() throws SQLException {
		List<Row> rows = rows();
		long now = this.environment.nanoTime();
		boolean comparable = now - this.lookedNanos < 3 * this.intervalNanos;
		Map<String, Seen> next = new HashMap<>();
		int others = 0;
		int reaching = 0;
		for (Row row : rows) {
			Seen known = comparable ? this.seen.get(row.node()) : null;
			boolean rose = known != null && row.beats() != known.beats();
			long risenNanos = (rose || known == null) ? now : known.risenNanos();
			boolean proven = rose || (known != null && known.proven());
			next.put(row.node(), new Seen(row.beats(), risenNanos, proven));
			// the interval of another and ours may meet so that we see it twice the same
			if (proven && now - risenNanos < 2 * this.intervalNanos) {
				others++;
				reaching += row.reaches() ? 1 : 0;
			}
		}
		this.seen = next;
		this.lookedNanos = now;
		return new PeerView(reaching, others);
	}

	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		if (this.database.answers()) {
			try {
				int unused = this.database
					.read((session) -> session.update("DELETE FROM realtime_node WHERE node = ?", this.node));
			}
			catch (SQLException ex) {
				logger.debug("The row of this node could not be deleted; another node will delete it", ex);
			}
		}
	}

	private List<Row> rows() throws SQLException {
		return this.database.read((session) -> session.query(ALL,
				(row) -> new Row(row.getString(1), row.getLong(2), row.getInt(3) == 1), this.node));
	}

	private void forget() throws SQLException {
		Map<String, Long> now = new HashMap<>();
		for (Row row : rows()) {
			Long before = this.beats.get(row.node());
			if (before != null && before == row.beats()) {
				int unused = this.database.read((session) -> session
					.update("DELETE FROM realtime_node WHERE node = ? AND beats = ?", row.node(), row.beats()));
			}
			else {
				now.put(row.node(), row.beats());
			}
		}
		this.beats = now;
	}

	private record Row(String node, long beats, boolean reaches) {
	}

	/**
	 * What was known at the last look.
	 *
	 * @param risenNanos when the number was last seen to have risen, or first seen
	 * @param proven whether it has risen since it was first seen
	 */
	private record Seen(long beats, long risenNanos, boolean proven) {
	}

}
