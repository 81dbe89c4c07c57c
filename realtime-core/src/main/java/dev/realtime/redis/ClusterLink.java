package dev.realtime.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to a Redis Cluster, or to several independent servers: one {@link ServerLink}
 * for each master, which all run on this link's loop. A call goes to the master that has
 * its slot, as {@link Masters} say. All state belongs to the loop, and only it hands
 * calls on; {@link MovingSlots} keeps those whose slots are moving in order. When a
 * master is lost, calls for its slots fail at once until a replica has taken over; those
 * of other masters go on.
 */
final class ClusterLink implements RedisLink {

	private static final Logger logger = LoggerFactory.getLogger(ClusterLink.class);

	private static final Duration TICK = Duration.ofMillis(50);

	private static final Duration REFRESH = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMillis(30);

	private final Masters masters;

	private final RedisClient client;

	private final Loop loop;

	private final InFlight inFlight;

	private final Duration timeout;

	private final Queue<ClusterCall<?>> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicLong connects = new AtomicLong();

	/** By address. Written on the loop. */
	private final Map<String, ServerLink> links = new ConcurrentHashMap<>();

	/** Connections on their way; confined to the loop. */
	private final Map<String, CompletionStage<?>> connecting = new HashMap<>();

	/** Confined to the loop. */
	private final MovingSlots moving;

	private ClusterLink(Masters masters, Loop loop, Duration timeout) {
		this.masters = masters;
		this.client = masters.client();
		this.loop = loop;
		this.timeout = timeout;
		this.inFlight = new InFlight(timeout, loop.environment());
		this.moving = new MovingSlots(masters, loop, this::take, this::connected);
	}

	/**
	 * Connects to all masters that answer.
	 * @throws RedisConnectionException when none does
	 */
	static ClusterLink connect(Masters masters, Duration timeout, Loop loop) {
		ClusterLink link = new ClusterLink(masters, loop, timeout);
		masters.refresh(Duration.ZERO);
		try {
			link.connect();
			loop.every(TICK, link::tick);
			ShardClaims claims = masters.claims();
			if (claims != null) {
				claims.start(link.links);
			}
		}
		catch (RuntimeException ex) {
			link.close();
			throw ex;
		}
		return link;
	}

	private void connect() {
		RedisConnectionException failure = null;
		for (String address : this.masters.addresses()) {
			try {
				this.links.put(address,
						link(address, this.client.connect(ByteArrayCodec.INSTANCE, this.masters.uri(address))));
			}
			catch (RedisConnectionException ex) {
				failure = ex;
				String why = RedisDiagnosis.of(ex);
				ShardClaims claims = this.masters.claims();
				if (claims != null && why != null) {
					throw claims.unusable(address, why);
				}
				logger.warn("The Redis at {} cannot be reached{}; its partitions are unavailable until it or its "
						+ "replica is back", address, (why != null) ? " (" + why + ')' : "");
			}
		}
		if (this.links.isEmpty()) {
			throw (failure != null) ? failure : new RedisConnectionException("The Redis Cluster has no masters");
		}
	}

	private ServerLink link(String address, StatefulRedisConnection<byte[], byte[]> connection) {
		this.connects.incrementAndGet();
		ShardClaims claims = this.masters.claims();
		return ServerLink.shared(this.client, address, this.masters.uri(address), connection, this.loop, this.timeout,
				(claims != null) ? new ShardClaim(claims, address) : null);
	}

	/** Whether a master answers. */
	@Override
	public Environment environment() {
		return this.loop.environment();
	}

	@Override
	public boolean isConnected() {
		return this.links.values().stream().anyMatch(ServerLink::isConnected);
	}

	/** Whether a master is. */
	@Override
	public boolean isUsable() {
		return this.links.values().stream().anyMatch(ServerLink::isUsable);
	}

	@Override
	public @Nullable String problem() {
		ShardClaims claims = this.masters.claims();
		String claimed = (claims != null) ? claims.problem() : null;
		if (claimed != null) {
			return claimed;
		}
		for (String address : this.masters.addresses()) {
			ServerLink link = this.links.get(address);
			String problem = (link != null) ? link.problem() : null;
			if (problem != null) {
				return address + ": " + problem;
			}
			if (link == null || !link.isConnected()) {
				return address + " is not connected; the others are still served, and the connection is retried "
						+ "automatically";
			}
		}
		return this.moving.refusal();
	}

	@Override
	public String publishCommand() {
		return "SPUBLISH";
	}

	@Override
	public CompletionStage<Long> publish(byte[] channel, byte[] message) {
		return submit(
				new ClusterCall<>("SPUBLISH", this.masters.slot(channel), (link) -> link.publish(channel, message)));
	}

	@Override
	public <T> CompletionStage<T> run(String what,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		for (ServerLink link : this.links.values()) {
			if (link.isConnected()) {
				return link.run(what, command);
			}
		}
		return CompletableFuture.failedFuture(new RedisAwayException(what));
	}

	@Override
	public <T> CompletionStage<T> run(String what, byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return submit(new ClusterCall<>(what, this.masters.slot(key), (link) -> link.run(what, command)));
	}

	@Override
	public <T> CompletionStage<T> eval(RedisScript script, ScriptOutputType output, byte[][] keys, byte[]... args) {
		return submit(new ClusterCall<>(script.name(), this.masters.slot(keys[0]),
				(link) -> link.eval(script, output, keys, args)));
	}

	@Override
	public CompletionStage<Confirmation> confirm(byte[] key, int replicas, Duration wait) {
		return submit(new ClusterCall<>("WAIT", this.masters.slot(key), (link) -> link.confirm(key, replicas, wait)));
	}

	@Override
	public long connects() {
		return this.connects.get() + this.links.values().stream().mapToLong(ServerLink::connects).sum();
	}

	private <T> CompletionStage<T> submit(ClusterCall<T> call) {
		this.inFlight.add(call.what, call);
		this.inbox.add(call);
		if (!schedule()) {
			call.completeExceptionally(new RedisAwayException(call.what));
		}
		return call;
	}

	/** Returns false when the loop is closed. */
	private boolean schedule() {
		if (this.scheduled.get() || !this.scheduled.compareAndSet(false, true)) {
			return true;
		}
		boolean accepted = this.loop.tryExecute(this::drain);
		if (!accepted) {
			this.scheduled.set(false);
		}
		return accepted;
	}

	private void drain() {
		this.scheduled.set(false);
		for (ClusterCall<?> call = this.inbox.poll(); call != null; call = this.inbox.poll()) {
			take(call);
		}
	}

	private void take(ClusterCall<?> call) {
		try {
			if (!this.moving.keeps(call)) {
				send(call);
			}
		}
		catch (Throwable ex) {
			this.loop.failed(ex);
			call.completeExceptionally(ex);
		}
	}

	private <T> void send(ClusterCall<T> call) {
		if (call.isDone()) {
			return;
		}
		ShardClaims claims = this.masters.claims();
		RedisRefusedException refusal = (claims != null) ? claims.refusal(call.slot) : null;
		if (refusal != null) {
			call.completeExceptionally(refusal);
			return;
		}
		String address = this.masters.address(call.slot);
		ServerLink link = (address != null) ? this.links.get(address) : null;
		if (link == null || !link.isConnected()) {
			this.masters.refresh(PAUSE);
			call.completeExceptionally(new RedisAwayException(call.what, (link != null) ? link.problem() : null));
			return;
		}
		// What is on its way may be carried out though its answer comes too late.
		call.elsewhere = null;
		call.on(link).whenComplete((value, failure) -> {
			if (failure == null) {
				call.complete(value);
				return;
			}
			Throwable cause = RedisLink.unwrap(failure);
			if (MovingSlots.isElsewhere(cause)) {
				this.loop.execute(() -> this.moving.elsewhere(call, link, cause));
				return;
			}
			if (!link.isConnected() || cause instanceof RedisCommandExecutionException) {
				this.masters.refresh(PAUSE);
			}
			call.completeExceptionally(cause);
		});
	}

	private CompletionStage<?> connected(String address) {
		return this.links.containsKey(address) ? CompletableFuture.completedStage(null) : connect(address);
	}

	private CompletionStage<?> connect(String address) {
		CompletionStage<?> known = this.connecting.get(address);
		if (known != null) {
			return known;
		}
		CompletionStage<Void> connected = this.client.connectAsync(ByteArrayCodec.INSTANCE, this.masters.uri(address))
			.thenAcceptAsync((connection) -> {
				ServerLink opened = link(address, connection);
				if (this.closed.get() || this.links.putIfAbsent(address, opened) != null) {
					opened.close();
				}
			}, this.loop);
		this.connecting.put(address, connected);
		connected.whenComplete((done, failure) -> this.loop.execute(() -> this.connecting.remove(address)));
		return connected;
	}

	private void tick() {
		this.inFlight.expire();
		this.links.values().forEach(ServerLink::sweep);
		this.masters.refresh(REFRESH);
		ShardClaims claims = this.masters.claims();
		if (claims != null) {
			this.links.forEach(claims::look);
		}
		List<String> wanted = this.masters.addresses();
		wanted.stream().filter((address) -> !this.links.containsKey(address)).forEach(this::connect);
		for (Map.Entry<String, ServerLink> each : List.copyOf(this.links.entrySet())) {
			if (!each.getValue().isConnected()) {
				this.masters.refresh(PAUSE.multipliedBy(10));
			}
			if (!wanted.contains(each.getKey()) && this.moving.isEmpty()) {
				this.links.remove(each.getKey());
				each.getValue().close();
			}
		}
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.links.values().forEach(ServerLink::close);
		this.inFlight.failAll(new RedisConnectionException("The connection to Redis was closed"));
		var unused = this.loop.close(Duration.ZERO);
	}

}
