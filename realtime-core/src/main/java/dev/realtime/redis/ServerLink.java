package dev.realtime.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

/** The link to one server: one connection. */
final class ServerLink implements RedisLink {

	private static final Logger logger = LoggerFactory.getLogger(ServerLink.class);

	private static final long LONGEST_TICK = 100;

	private static final long CLOSE_SECONDS = 2;

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final InFlight inFlight;

	private final ScriptQueue scripts;

	private final Loop loop;

	/** Whether a probe is under way that asks a silent connection for life. */
	private final AtomicBoolean probing = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final String publishCommand;

	/** Whether the loop ends with the link. */
	private final boolean ownsLoop;

	private ServerLink(StatefulRedisConnection<byte[], byte[]> connection, Loop loop, Duration timeout,
			String publishCommand, boolean ownsLoop) {
		this.publishCommand = publishCommand;
		this.ownsLoop = ownsLoop;
		this.connection = connection;
		this.loop = loop;
		this.inFlight = new InFlight(timeout);
		this.scripts = new ScriptQueue(this, connection, loop);
		connection.addListener(new RedisConnectionStateListener() {
			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
				ServerLink.this.inFlight
					.failAll(new RedisConnectionException("The connection to Redis broke before the answer came"));
				ServerLink.this.scripts.forget();
			}
		});
	}

	/** Connects, with a loop of its own. */
	static ServerLink connect(RedisClient client, Duration timeout, Loops loops, String name) {
		StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
		Loop loop = loops.loop(name);
		ServerLink link = new ServerLink(connection, loop, timeout, "PUBLISH", true);
		long tick = Math.max(1, Math.min(LONGEST_TICK, timeout.toMillis() / 4));
		loop.every(Duration.ofMillis(tick), link::sweep);
		return link;
	}

	/** To one master of a cluster; the owner of the loop calls {@link #sweep()}. */
	static ServerLink shared(StatefulRedisConnection<byte[], byte[]> connection, Loop loop, Duration timeout) {
		return new ServerLink(connection, loop, timeout, "SPUBLISH", false);
	}

	@Override
	public String publishCommand() {
		return this.publishCommand;
	}

	@Override
	public CompletionStage<Long> publish(byte[] channel, byte[] message) {
		return run(this.publishCommand, (redis) -> this.publishCommand.equals("SPUBLISH")
				? redis.spublish(channel, message) : redis.publish(channel, message));
	}

	@Override
	public boolean isConnected() {
		return this.connection.isOpen();
	}

	@Override
	public <T> CompletionStage<T> run(String what, byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return run(what, command);
	}

	@Override
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

	@Override
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

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		CompletableFuture<Void> ended = this.connection.closeAsync();
		if (!this.ownsLoop) {
			this.inFlight.failAll(closedMeanwhile());
			return;
		}
		try {
			ended.get(CLOSE_SECONDS, TimeUnit.SECONDS);
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
	void sweep() {
		if (this.inFlight.expire() && this.connection.isOpen() && this.probing.compareAndSet(false, true)) {
			run("PING", RedisAsyncCommands::ping).whenComplete((pong, failure) -> {
				this.probing.set(false);
				if (failure instanceof TimeoutException) {
					Connections.disconnect(this.connection);
				}
			});
		}
	}

}
