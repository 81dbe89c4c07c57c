package dev.realtime.broker.jdbc;

import dev.realtime.outbox.jdbc.JdbcOutbox;

/**
 * What the operator of a durable log watches.
 *
 * @param messages how many messages are stored and not known to be announced,
 * {@value JdbcOutbox#MAX_COUNTED} at most
 * @param oldest when the oldest of them was stored, in milliseconds since 1970, or 0
 * @param deadLetters how many publications and messages were given up and wait for
 * somebody to look at them
 */
public record OutboxStats(long messages, long oldest, long deadLetters) {

	static final OutboxStats EMPTY = new OutboxStats(0, 0, 0);

	OutboxStats(JdbcOutbox.Depth depth, long deadLetters) {
		this(depth.messages(), depth.oldest(), deadLetters);
	}

}
