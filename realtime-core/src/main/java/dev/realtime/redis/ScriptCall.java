package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.BaseRedisCommandBuilder;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * One call of a script, from the caller's request to its answer; it may take several
 * attempts until a server knows the script.
 */
final class ScriptCall<T> extends CompletableFuture<T> {

	private static final Commands COMMANDS = new Commands();

	final RedisScript script;

	private final ScriptOutputType output;

	final byte[][] keys;

	private final byte[][] args;

	private boolean elsewhere;

	private volatile @Nullable AsyncCommand<byte[], byte[], T> attempt;

	ScriptCall(RedisScript script, ScriptOutputType output, byte[][] keys, byte[][] args) {
		this.script = script;
		this.output = output;
		this.keys = keys;
		this.args = args;
	}

	/** The command for the next attempt, not yet sent. */
	AsyncCommand<byte[], byte[], T> attempt(RedisScript.Loaded loaded) {
		AsyncCommand<byte[], byte[], T> next = COMMANDS.evalsha(loaded, this.output, this.keys, this.args);
		this.attempt = next;
		return next;
	}

	/**
	 * A server does not have the partition. Returns whether that is the first time; on
	 * one thread at a time.
	 */
	boolean elsewhere() {
		boolean first = !this.elsewhere;
		this.elsewhere = true;
		return first;
	}

	/** Also takes back the attempt, if it is not yet on its way. */
	@Override
	public boolean completeExceptionally(Throwable failure) {
		boolean first = super.completeExceptionally(failure);
		AsyncCommand<byte[], byte[], T> running = this.attempt;
		if (first && running != null && !running.isDone()) {
			running.cancel(true);
		}
		return first;
	}

	private static final class Commands extends BaseRedisCommandBuilder<byte[], byte[]> {

		Commands() {
			super(ByteArrayCodec.INSTANCE);
		}

		<T> AsyncCommand<byte[], byte[], T> evalsha(RedisScript.Loaded loaded, ScriptOutputType output, byte[][] keys,
				byte[][] args) {
			CommandArgs<byte[], byte[]> line = new CommandArgs<>(ByteArrayCodec.INSTANCE).add(loaded.shaBytes())
				.add(keys.length)
				.addKeys(keys);
			for (byte[] arg : args) {
				line.add(arg);
			}
			return new AsyncCommand<>(
					createCommand(CommandType.EVALSHA, this.<T>newScriptOutput(ByteArrayCodec.INSTANCE, output), line));
		}

	}

}
