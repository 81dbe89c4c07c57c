package dev.realtime.log.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statement with which PostgreSQL stores one publication: data-modifying common table
 * expressions, of which all but the first work on the row that the first one returns.
 * <p>
 * All of a statement reads one snapshot, which is older than a lock that it waits for.
 * The number comes from the locked row, which is read again when it was locked. An id is
 * looked up in the snapshot, so a publication with an id is stored only if the snapshot's
 * last number is that of the locked row: then no other transaction has stored an id
 * since.
 */
final class PostgresqlSingle {

	private static final Map<SingleStore.Shape, NamedStatement> STATEMENTS = new ConcurrentHashMap<>();

	private static final String SNAPSHOT = "(SELECT last_seq FROM realtime_topic WHERE topic = :topic)";

	private static final String UPDATE = "UPDATE realtime_topic x SET last_seq = x.last_seq + 1, kept = x.kept + 1, "
			+ "first_at = CASE x.first_at WHEN 0 THEN :now ELSE x.first_at END, "
			+ "sweep_at = CASE x.expires_at WHEN 0 THEN :over ELSE x.sweep_at END, expires_at = :over, "
			+ "updated_at = :now, history = :history";

	private static final String IDS = "i AS (INSERT INTO realtime_idempotency (topic, message_id, epoch, seq, "
			+ "published_at, remembered_until) SELECT topic, CAST(:key AS VARCHAR), epoch, last_seq, updated_at, "
			+ "CAST(:until AS BIGINT) FROM t), ";

	private static final String SENDERS = "s AS (INSERT INTO realtime_read AS r (user_name, topic, epoch, read_seq, "
			+ "read_own, read_voids, own) SELECT CAST(:sender AS VARCHAR), topic, epoch, 0, 0, 0, 1 FROM t "
			+ "ON CONFLICT (user_name, topic) DO UPDATE SET epoch = EXCLUDED.epoch, "
			+ "own = CASE r.epoch WHEN EXCLUDED.epoch THEN r.own + 1 ELSE 1 END, "
			+ "read_seq = CASE r.epoch WHEN EXCLUDED.epoch THEN r.read_seq ELSE 0 END, "
			+ "read_own = CASE r.epoch WHEN EXCLUDED.epoch THEN r.read_own ELSE 0 END, "
			+ "read_voids = CASE r.epoch WHEN EXCLUDED.epoch THEN r.read_voids ELSE 0 END RETURNING own), ";

	private static final String MESSAGE = "m AS (INSERT INTO realtime_message (" + MessageRows.ALL_COLUMNS
			+ ") SELECT t.topic, t.epoch, t.last_seq, CAST(:id AS VARCHAR), t.updated_at, CAST(:expires AS BIGINT), "
			+ "CAST(:excluded AS TEXT), CAST(:content_type AS TEXT), CAST(:type AS TEXT), CAST(:headers AS TEXT), "
			+ "CAST(:payload AS BYTEA), CAST(:sender AS VARCHAR), ";

	private static final String OUTBOX = "o AS (INSERT INTO realtime_outbox (topic, epoch, seq, created_at, attempts) "
			+ "SELECT topic, epoch, last_seq, updated_at, 0 FROM t) ";

	private PostgresqlSingle() {
	}

	static NamedStatement of(SingleStore.Shape shape) {
		return STATEMENTS.computeIfAbsent(shape, (each) -> NamedStatement.of(text(each)));
	}

	private static String text(SingleStore.Shape shape) {
		StringBuilder text = new StringBuilder("WITH ");
		boolean locks = shape.id() || !shape.waits();
		if (locks) {
			text.append("l AS (SELECT topic, last_seq FROM realtime_topic WHERE topic = :topic FOR UPDATE")
				.append(shape.waits() ? "), " : " SKIP LOCKED), ");
		}
		text.append("t AS (")
			.append(UPDATE)
			.append(locks ? " FROM l WHERE x.topic = l.topic" : " WHERE x.topic = :topic");
		if (shape.id()) {
			text.append(" AND l.last_seq = ")
				.append(SNAPSHOT)
				.append(" AND NOT EXISTS (SELECT 1 FROM realtime_idempotency WHERE topic = :topic AND message_id = :key)");
		}
		text.append(" RETURNING x.topic, x.epoch, x.last_seq, x.kept, x.first_at, x.updated_at), ");
		text.append(shape.id() ? IDS : "").append(shape.sender() ? SENDERS : "");
		text.append(MESSAGE).append(shape.sender() ? "s.own FROM t, s), " : "0 FROM t), ").append(OUTBOX);
		text.append("SELECT t.epoch, t.last_seq, t.kept, t.first_at, ");
		return text.append(shape.id() ? "l.last_seq <> " + SNAPSHOT + " FROM l LEFT JOIN t ON TRUE" : "FALSE FROM t")
			.toString();
	}

}
