package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;

/** A call of a script on a topic, which may have to wait until its partition is open. */
final class ContinuedCall<T> extends CompletableFuture<Continued<T>> {

	final RedisScript script;

	final byte[][] keys;

	final byte[][] args;

	/** When it has waited long enough. */
	final long deadline;

	ContinuedCall(RedisScript script, byte[][] keys, byte[][] args, long deadline) {
		this.script = script;
		this.keys = keys;
		this.args = args;
		this.deadline = deadline;
	}

}
