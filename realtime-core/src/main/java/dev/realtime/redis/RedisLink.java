package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;

/**
 * One connection to Redis on which all nodes' commands are pipelined, each with a time
 * limit. Safe for any number of threads.
 *
 * <h2>Scripts and the life of a server</h2> After a crash or a failover Redis can come
 * back with counters that are older than numbers already given. A script must not go on
 * counting from there. Redis's replies do not tell, but its script cache does: it never
 * outlives the server process, nor moves to a replica. So each script is loaded with the
 * server's {@code run_id} in its text. On a server that is new, the script is unknown,
 * this class asks for the {@code run_id} and loads the text with that; the script then
 * finds an older {@code run_id} beside a topic's numbering and begins a new epoch. No
 * command that was meant for the old server can be carried out by the new one.
 */
public final class RedisLink implements AutoCloseable {

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final long timeoutMillis;

	/** By script; replaced when a server turns out not to know it. */
	private final Map<RedisScript, RedisScript.Loaded> loaded = new ConcurrentHashMap<>();

	private final Map<RedisScript, CompletableFuture<RedisScript.Loaded>> loading = new ConcurrentHashMap<>();

	private RedisLink(StatefulRedisConnection<byte[], byte[]> connection, Duration timeout) {
		this.connection = connection;
		this.timeoutMillis = timeout.toMillis();
	}

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @param client whose address, credentials and options apply; not closed by us
	 * @param timeout the longest that any command may take
	 */
	public static RedisLink connect(RedisClient client, Duration timeout) {
		return new RedisLink(client.connect(ByteArrayCodec.INSTANCE), timeout);
	}

	/** Whether the connection is up. */
	public boolean isConnected() {
		return this.connection.isOpen();
	}

	/**
	 * Sends one command.
	 * @param what names it in messages
	 * @param command the call on Lettuce's asynchronous interface
	 * @return fails with {@link RedisAwayException} at once when the connection is down,
	 * or with a {@link TimeoutException} when the answer stays away; then the outcome is
	 * unknown, but a command that was not yet sent never will be
	 */
	public <T> CompletionStage<T> run(String what,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		if (!this.connection.isOpen()) {
			return CompletableFuture.failedFuture(new RedisAwayException(what));
		}
		RedisFuture<T> sent = command.apply(this.connection.async());
		return sent.toCompletableFuture()
			.copy()
			.orTimeout(this.timeoutMillis, TimeUnit.MILLISECONDS)
			.whenComplete((result, failure) -> {
				if (failure instanceof TimeoutException) {
					sent.cancel(true);
				}
			});
	}

	/** Runs a script; loads it first where the server does not know it. */
	public <T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, byte[][] keys, byte[]... args) {
		RedisScript.Loaded known = this.loaded.get(script);
		if (known == null) {
			return load(script).thenCompose((fresh) -> evalsha(script, fresh, output, keys, args));
		}
		CompletionStage<T> first = evalsha(script, known, output, keys, args);
		return first.handle((result, failure) -> {
			if (failure == null) {
				return CompletableFuture.completedStage(result);
			}
			if (unwrap(failure) instanceof RedisNoScriptException) {
				this.loaded.remove(script, known);
				return load(script).thenCompose((fresh) -> this.<T>evalsha(script, fresh, output, keys, args));
			}
			return CompletableFuture.<T>failedStage(unwrap(failure));
		}).thenCompose(Function.identity());
	}

	@Override
	public void close() {
		this.connection.close();
	}

	private <T> CompletionStage<T> evalsha(RedisScript script, RedisScript.Loaded loaded, ScriptOutputType output,
			byte[][] keys, byte[]... args) {
		return run(script.name(), (redis) -> redis.evalsha(loaded.sha(), output, keys, args));
	}

	private CompletionStage<RedisScript.Loaded> load(RedisScript script) {
		CompletableFuture<RedisScript.Loaded> mine = new CompletableFuture<>();
		CompletableFuture<RedisScript.Loaded> running = this.loading.putIfAbsent(script, mine);
		if (running != null) {
			return running;
		}
		RedisScript.Loaded already = this.loaded.get(script);
		CompletionStage<RedisScript.Loaded> work = (already != null) ? CompletableFuture.completedStage(already)
				: server().thenCompose((server) -> loadOn(server, script));
		work.whenComplete((result, failure) -> {
			if (failure == null) {
				this.loaded.put(script, result);
			}
			this.loading.remove(script, mine);
			if (failure == null) {
				mine.complete(result);
			}
			else {
				mine.completeExceptionally(unwrap(failure));
			}
		});
		return mine;
	}

	/** Asks again afterwards: the server may have changed between the two commands. */
	private CompletionStage<RedisScript.Loaded> loadOn(String server, RedisScript script) {
		RedisScript.Loaded fresh = script.on(server);
		return run("SCRIPT LOAD", (redis) -> redis.scriptLoad(arg(fresh.source()))).thenCompose((sha) -> server())
			.thenCompose((now) -> now.equals(server) ? CompletableFuture.completedStage(fresh) : loadOn(now, script));
	}

	private CompletionStage<String> server() {
		return run("INFO", (redis) -> redis.info("server")).thenApply((info) -> {
			for (String line : info.split("\r?\n", -1)) {
				if (line.startsWith("run_id:")) {
					return line.substring("run_id:".length()).trim();
				}
			}
			throw new IllegalStateException("Redis does not tell its run_id in INFO server");
		});
	}

	/** The cause inside a completion exception. */
	public static Throwable unwrap(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof CompletionException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause;
	}

	/** The bytes of an ASCII or UTF-8 argument. */
	public static byte[] arg(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/** The bytes of a number. */
	public static byte[] arg(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
