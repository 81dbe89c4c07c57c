package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis on which all commands of a node are pipelined, each with a time
 * limit. Safe for any number of threads; nothing but {@link #connect} and {@link #close}
 * blocks. A loop of its own sends script calls and expires what is not answered, so that
 * nothing the application does on Lettuce's threads delays it. It heals by Lettuce's own
 * reconnection ({@code autoReconnect} must be on, its default).
 *
 * <h2>At most once</h2> Left to itself, Lettuce sends unanswered commands again after a
 * reconnection, and a publish would be stored twice. So when the connection breaks, every
 * unanswered command fails at once (its outcome is unknown) and is not sent again.
 *
 * <h2>Scripts and the life of a server</h2> After a crash or a failover Redis can come
 * back with counters that are older than numbers already given. A script must not go on
 * counting from there. Redis's replies do not tell, but its script cache does: it never
 * outlives the server process, nor, from Redis 7 on, moves to a replica. So each script
 * is loaded with the server's {@code run_id} in its text. On a server that is new, the
 * script is unknown, this class asks for the {@code run_id} and loads the text with that;
 * the script then finds an older {@code run_id} beside a topic's numbering and begins a
 * new epoch. It asks again after every reconnection too, because Redis 6 copies the cache
 * to replicas. The order of calls survives the loading: see {@link ScriptQueue}.
 * <p>
 * What it cannot see: a server that is demoted and promoted again without a restart has
 * the same {@code run_id}; topics that nobody published on or subscribed to in between
 * then go on counting from what the other server knew.
 */
public final class RedisLink implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

	private static final long LONGEST_TICK = 100;

	private static final long CLOSE_SECONDS = 2;

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final InFlight inFlight;

	private final ScriptQueue scripts;

	private final Loop loop;

	/** Whether a probe is under way that asks a silent connection for life. */
	private final AtomicBoolean probing = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private RedisLink(StatefulRedisConnection<byte[], byte[]> connection, Loop loop, Duration timeout) {
		this.connection = connection;
		this.loop = loop;
		this.inFlight = new InFlight(timeout);
		this.scripts = new ScriptQueue(this, connection, loop);
		long tick = Math.max(1, Math.min(LONGEST_TICK, timeout.toMillis() / 4));
		loop.every(Duration.ofMillis(tick), this::sweep);
		connection.addListener(new RedisConnectionStateListener() {
			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
				RedisLink.this.inFlight
					.failAll(new RedisConnectionException("The connection to Redis broke before the answer came"));
				RedisLink.this.scripts.forget();
			}
		});
	}

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @param client whose address, credentials and options apply; not closed by us
	 * @param timeout the longest that any command may take
	 * @param loops makes the link's thread
	 * @param name the thread's name
	 */
	public static RedisLink connect(RedisClient client, Duration timeout, Loops loops, String name) {
		StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
		return new RedisLink(connection, loops.loop(name), timeout);
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
	 * with a {@link RedisConnectionException} when it breaks, or with a
	 * {@link TimeoutException} when the answer stays away. In the last two cases the
	 * outcome is unknown, but a command that was not yet sent never will be
	 */
	public <T> CompletionStage<T> run(String what,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		if (!this.connection.isOpen()) {
			return CompletableFuture.failedFuture(new RedisAwayException(what));
		}
		try {
			CompletableFuture<T> sent = command.apply(this.connection.async()).toCompletableFuture();
			this.inFlight.add(what, sent);
			return sent;
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Runs a script; loads it first where the server does not know it. Calls of one
	 * thread are carried out in their order. Fails as {@link #run(String, Function) run}
	 * does.
	 */
	public <T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, byte[][] keys, byte[]... args) {
		if (!this.connection.isOpen()) {
			return CompletableFuture.failedFuture(new RedisAwayException(script.name()));
		}
		ScriptCall<T> call = new ScriptCall<>(script, output, keys, args);
		this.inFlight.add(script.name(), call);
		this.scripts.submit(call);
		if (this.closed.get()) {
			// it may have come after the last look at what is unanswered
			this.inFlight.failAll(closedMeanwhile());
		}
		return call;
	}

	/** Fails what is unanswered and closes the connection, not the client. */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			this.connection.closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The connection to Redis did not close properly", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.inFlight.failAll(closedMeanwhile());
		// what its thread is just doing is short, and must not be interrupted
		var unused = this.loop.close(Duration.ZERO);
	}

	private static RedisConnectionException closedMeanwhile() {
		return new RedisConnectionException("The connection to Redis was closed");
	}

	/**
	 * A connection whose peer vanished without a word looks open for many minutes. So
	 * after an expiry one more command is sent; if that is not answered either, the
	 * connection is closed and Lettuce opens another one.
	 */
	private void sweep() {
		if (this.inFlight.expire() && this.connection.isOpen() && this.probing.compareAndSet(false, true)) {
			run("PING", RedisAsyncCommands::ping).whenComplete((pong, failure) -> {
				this.probing.set(false);
				if (failure instanceof TimeoutException) {
					Connections.disconnect(this.connection);
				}
			});
		}
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
