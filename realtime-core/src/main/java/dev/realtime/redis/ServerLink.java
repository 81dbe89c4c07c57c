package dev.realtime.redis;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link to one server: one connection. */
final class ServerLink implements RedisLink {

	private static final Logger logger = LoggerFactory.getLogger(ServerLink.class);

	private static final long LONGEST_TICK = 100;

	private static final Duration CLOSE = Duration.ofSeconds(2);

	private static final String PROBE = "SET (which checks that Redis accepts writes)";

	private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

	private static final Duration SOON = Duration.ofMillis(500);

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final InFlight inFlight;

	private final ScriptQueue scripts;

	private final ServerCondition condition;

	private final Reconnections reconnections;

	private long probeNanos;

	private final Loop loop;

	/** Whether a probe is under way that asks a silent connection for life. */
	private final AtomicBoolean probing = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final String publishCommand;

	private final ReplicaWait replicas;

	private final AtomicLong connects = new AtomicLong(1);

	/** Whether the loop ends with the link. */
	private final boolean ownsLoop;

	/**
	 * A link.
	 * @param address the server's as {@code host:port}, or null when the client has one
	 */
	private ServerLink(RedisClient client, @Nullable String address, StatefulRedisConnection<byte[], byte[]> connection,
			Loop loop, Duration timeout, String publishCommand, boolean ownsLoop, @Nullable ShardClaim claim,
			Supplier<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> another) {
		this.condition = new ServerCondition(loop.environment());
		this.probeNanos = loop.environment().nanoTime();
		this.replicas = new ReplicaWait(another, loop, timeout);
		this.publishCommand = publishCommand;
		this.ownsLoop = ownsLoop;
		this.connection = connection;
		this.loop = loop;
		this.inFlight = new InFlight(timeout, loop.environment());
		this.scripts = new ScriptQueue(this, connection, loop, this.condition, claim);
		this.reconnections = new Reconnections(client.getResources().eventBus(), address, this.condition);
		connection.addListener(new RedisConnectionStateListener() {
			@Override
			public void onRedisConnected(RedisChannelHandler<?, ?> again, SocketAddress server) {
				ServerLink.this.connects.incrementAndGet();
				ServerLink.this.condition.here();
			}

			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
				ServerLink.this.inFlight.failAll(
						new RedisConnectionException("The connection to Redis was lost before the answer arrived"));
				ServerLink.this.scripts.forget();
			}
		});
	}

	/** Connects, with a loop of its own. */
	static ServerLink connect(RedisClient client, Duration timeout, Loops loops, String name) {
		StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
		Loop loop = loops.loop(name);
		ServerLink link = new ServerLink(client, null, connection, loop, timeout, "PUBLISH", true, null,
				() -> another(client, loops, name + "-replicas"));
		long tick = Math.max(1, Math.min(LONGEST_TICK, timeout.toMillis() / 4));
		loop.every(Duration.ofMillis(tick), link::sweep);
		return link;
	}

	/** Only a blocking call looks the server up anew, with sentinels for example. */
	private static CompletionStage<StatefulRedisConnection<byte[], byte[]>> another(RedisClient client, Loops loops,
			String name) {
		CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opened = new CompletableFuture<>();
		Loop once = loops.loop(name);
		once.execute(() -> {
			try {
				opened.complete(client.connect(ByteArrayCodec.INSTANCE));
			}
			catch (Throwable ex) {
				opened.completeExceptionally(ex);
			}
			var unused = once.close(Duration.ZERO);
		});
		return opened;
	}

	/**
	 * To one master of a cluster, or one of several independent servers; the owner of the
	 * loop calls {@link #sweep()}.
	 */
	static ServerLink shared(RedisClient client, String address, RedisURI uri,
			StatefulRedisConnection<byte[], byte[]> connection, Loop loop, Duration timeout,
			@Nullable ShardClaim claim) {
		return new ServerLink(client, address, connection, loop, timeout, "SPUBLISH", false, claim,
				() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri));
	}

	@Override
	public @Nullable String problem() {
		return this.connection.isOpen() ? this.condition.refusal() : this.condition.whyAway();
	}

	@Override
	public boolean isUsable() {
		return this.connection.isOpen() && !this.condition.refusesAll();
	}

	@Override
	public String publishCommand() {
		return this.publishCommand;
	}

	@Override
	public CompletionStage<Long> publish(byte[] channel, byte[] message) {
		return run(this.publishCommand, channel, (redis) -> this.publishCommand.equals("SPUBLISH")
				? redis.spublish(channel, message) : redis.publish(channel, message));
	}

	@Override
	public CompletionStage<Confirmation> confirm(byte[] key, int count, Duration timeout) {
		return this.replicas.confirm(key, count, timeout);
	}

	@Override
	public long connects() {
		return this.connects.get();
	}

	@Override
	public Environment environment() {
		return this.loop.environment();
	}

	@Override
	public boolean isConnected() {
		return this.connection.isOpen();
	}

	@Override
	public <T> CompletionStage<T> run(String what, byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return send(what, key, command);
	}

	@Override
	public <T> CompletionStage<T> run(String what,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return send(what, null, command);
	}

	private <T> CompletionStage<T> send(String what, byte @Nullable [] key,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		if (!this.connection.isOpen()) {
			return CompletableFuture.failedFuture(away(what));
		}
		try {
			CompletableFuture<T> sent = command.apply(this.connection.async()).toCompletableFuture();
			this.inFlight.add(what, sent);
			CompletableFuture<T> answered = new CompletableFuture<>();
			var unused = sent.whenComplete((answer, failure) -> answered(what, key, answered, answer, failure));
			return answered;
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private <T> void answered(String what, byte @Nullable [] key, CompletableFuture<T> answered, T answer,
			@Nullable Throwable failure) {
		if (failure == null) {
			this.condition.succeeded(what);
			answered.complete(answer);
			return;
		}
		Throwable explained = RedisDiagnosis.explained(RedisLink.unwrap(failure), what, key);
		this.condition.refused(what, explained);
		answered.completeExceptionally(explained);
	}

	private RedisAwayException away(String what) {
		return new RedisAwayException(what, this.condition.whyAway());
	}

	@Override
	public <T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, byte[][] keys, byte[]... args) {
		if (!this.connection.isOpen()) {
			return CompletableFuture.failedFuture(away(script.name()));
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
		this.reconnections.close();
		this.replicas.close();
		CompletableFuture<Void> ended = this.connection.closeAsync();
		if (!this.ownsLoop) {
			this.inFlight.failAll(closedMeanwhile());
			return;
		}
		try {
			Void unused = environment().await(ended, CLOSE);
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
		probe();
		this.replicas.expire();
		if (this.inFlight.expire() && this.connection.isOpen() && this.probing.compareAndSet(false, true)) {
			run("PING", RedisAsyncCommands::ping).whenComplete((pong, failure) -> {
				this.probing.set(false);
				if (failure instanceof TimeoutException) {
					Connections.disconnect(this.connection);
				}
			});
		}
	}

	/**
	 * From time to time, more often after a refusal: whether the server takes writes. A
	 * {@code SET … XX} of a key that does not exist writes nothing, but is refused as any
	 * other write.
	 */
	private void probe() {
		byte[] key = this.condition.probeKey();
		Duration pause = (this.condition.refusal() != null) ? SOON : PROBE_INTERVAL;
		if (key == null || !this.connection.isOpen() || environment().nanoTime() - this.probeNanos < pause.toNanos()) {
			return;
		}
		this.probeNanos = environment().nanoTime();
		run(PROBE, key, (redis) -> redis.set(key, new byte[0], SetArgs.Builder.xx())).thenRun(this.condition::writes)
			.exceptionally((refusal) -> null);
	}

}
