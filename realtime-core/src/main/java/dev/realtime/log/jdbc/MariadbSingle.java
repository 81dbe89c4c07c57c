package dev.realtime.log.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.jdbc.JdbcDialect;
import dev.realtime.jdbc.TransactionEnds;

/**
 * The statement with which MariaDB stores one publication: a compound statement outside
 * of a stored program, which needs nothing in the schema. Each statement in it reads what
 * is committed when its turn comes, as if it were sent by itself.
 */
final class MariadbSingle {

	private static final Map<SingleStore.Shape, NamedStatement> STATEMENTS = new ConcurrentHashMap<>();

	private static final String DECLARE = "DECLARE v_epoch VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin; "
			+ "DECLARE v_seq, v_kept, v_first_at, v_own, v_there, v_known BIGINT DEFAULT 0; ";

	/** A query: a condition of IF would lock the row that it reads. */
	private static final String THERE = "SELECT COUNT(*) INTO v_there FROM realtime_topic WHERE topic = :topic; ";

	private static final String LOCK = "SELECT epoch, last_seq + 1, kept + 1, first_at "
			+ "INTO v_epoch, v_seq, v_kept, v_first_at FROM realtime_topic WHERE topic = :topic FOR UPDATE";

	/** Assignments are made from left to right, and see those before them. */
	private static final String UPDATE = "UPDATE realtime_topic SET last_seq = v_seq, kept = v_kept, "
			+ "first_at = IF(first_at = 0, :now, first_at), sweep_at = IF(expires_at = 0, :over, sweep_at), "
			+ "expires_at = :over, updated_at = :now, history = :history WHERE topic = :topic; ";

	private static final String KNOWN_ID = "SELECT COUNT(*) INTO v_known FROM realtime_idempotency "
			+ "WHERE topic = :topic AND message_id = :key; ";

	private static final String IDS = "INSERT INTO realtime_idempotency (topic, message_id, epoch, seq, published_at, "
			+ "remembered_until) VALUES (:topic, :key, v_epoch, v_seq, :now, :until); ";

	private static final String SENDERS = "INSERT INTO realtime_read (user_name, topic, epoch, read_seq, read_own, "
			+ "read_voids, own) VALUES (:sender, :topic, v_epoch, 0, 0, 0, 1) ON DUPLICATE KEY UPDATE "
			+ "own = IF(epoch = v_epoch, own + 1, 1), read_seq = IF(epoch = v_epoch, read_seq, 0), "
			+ "read_own = IF(epoch = v_epoch, read_own, 0), read_voids = IF(epoch = v_epoch, read_voids, 0), "
			+ "epoch = v_epoch; "
			+ "SELECT own INTO v_own FROM realtime_read WHERE user_name = :sender AND topic = :topic FOR UPDATE; ";

	private static final String MESSAGE = "INSERT INTO realtime_message (" + MessageRows.ALL_COLUMNS + ") VALUES "
			+ "(:topic, v_epoch, v_seq, :id, :now, :expires, :excluded, :content_type, :type, :headers, :payload, "
			+ ":sender, v_own); ";

	private static final String OUTBOX = "INSERT INTO realtime_outbox (topic, epoch, seq, created_at, attempts) "
			+ "VALUES (:topic, v_epoch, v_seq, :now, 0); ";

	private MariadbSingle() {
	}

	static NamedStatement of(SingleStore.Shape shape) {
		return STATEMENTS.computeIfAbsent(shape, (each) -> NamedStatement.of(text(each)));
	}

	private static String text(SingleStore.Shape shape) {
		StringBuilder text = new StringBuilder("BEGIN NOT ATOMIC ").append(DECLARE);
		text.append((shape.ends() != TransactionEnds.NEITHER) ? JdbcDialect.COMPOUND_BEGIN : "");
		// locking a row that is not there would keep others from making any near it
		text.append(shape.waits() ? THERE + "IF v_there = 1 THEN " : "");
		text.append(LOCK).append(shape.waits() ? "; " : " SKIP LOCKED; ");
		text.append(shape.waits() ? "END IF; " : "");
		text.append(shape.id() ? KNOWN_ID : "").append("IF v_epoch IS NOT NULL AND v_known = 0 THEN ").append(UPDATE);
		text.append(shape.id() ? IDS : "").append(shape.sender() ? SENDERS : "").append(MESSAGE).append(OUTBOX);
		text.append((shape.ends() == TransactionEnds.BOTH) ? "COMMIT; " : "");
		return text.append("ELSE SET v_epoch = NULL; END IF; SELECT v_epoch, v_seq, v_kept, v_first_at, FALSE; END")
			.toString();
	}

}
