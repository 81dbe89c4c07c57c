package dev.realtime.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Environment;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which master of a Redis Cluster has a slot, as the application's cluster client knows
 * it, and as servers have said since. The client looks the topology up; connections are
 * made by a client of one server with the same options and threads. Safe for any number
 * of threads; only the constructor blocks.
 */
public final class ClusterMasters implements Masters {

	private static final Logger logger = LoggerFactory.getLogger(ClusterMasters.class);

	private final RedisClusterClient cluster;

	private final RedisClient client;

	private final Environment environment;

	/** Slots that have moved since the client looked. */
	private final Map<Integer, String> moved = new ConcurrentHashMap<>();

	private final AtomicBoolean refreshing = new AtomicBoolean();

	private volatile long refreshedNanos;

	private volatile boolean stale;

	/**
	 * The masters of a cluster, which is asked at once.
	 * @param cluster not closed by us
	 * @param environment the source of time
	 * @throws io.lettuce.core.RedisException when no node of the cluster answers
	 */
	public ClusterMasters(RedisClusterClient cluster, Environment environment) {
		this.environment = environment;
		this.cluster = cluster;
		this.client = RedisClient.create(cluster.getResources());
		this.client.setOptions(ClientOptions.copyOf(cluster.getOptions()));
		cluster.refreshPartitions();
		this.refreshedNanos = this.environment.nanoTime();
	}

	/**
	 * Connects to single servers of the cluster. Connections are closed by their users;
	 * the client itself holds nothing.
	 */
	@Override
	public RedisClient client() {
		return this.client;
	}

	/** The master of a slot, as {@code host:port}, or null when it has none. */
	@Override
	public @Nullable String address(int slot) {
		String known = this.moved.get(slot);
		if (known != null) {
			return known;
		}
		RedisClusterNode node = this.cluster.getPartitions().getPartitionBySlot(slot);
		return (node != null) ? address(node.getUri()) : null;
	}

	/** All masters that have slots. */
	@Override
	public List<String> addresses() {
		return this.cluster.getPartitions()
			.stream()
			.filter((node) -> !node.getSlots().isEmpty())
			.map((node) -> address(node.getUri()))
			.toList();
	}

	/** How to connect to a node. */
	@Override
	public RedisURI uri(String address) {
		for (RedisClusterNode node : this.cluster.getPartitions()) {
			if (address(node.getUri()).equals(address)) {
				return node.getUri();
			}
		}
		int colon = address.lastIndexOf(':');
		RedisURI any = this.cluster.getPartitions().iterator().next().getUri();
		return RedisURI.builder(any)
			.withHost((colon > 0) ? address.substring(0, colon) : any.getHost())
			.withPort(Integer.parseInt(address.substring(colon + 1)))
			.build();
	}

	/** A server has said where the slot is. */
	@Override
	public void moved(int slot, String address) {
		this.moved.put(slot, address.startsWith(":") ? uri(address).getHost() + address : address);
		this.stale = true;
		refresh(Duration.ofMillis(100));
	}

	/** Looks the topology up, if that was so long ago; never blocks. */
	@Override
	public void refresh(Duration age) {
		long now = this.environment.nanoTime();
		boolean due = now - this.refreshedNanos >= age.toNanos()
				|| (this.stale && now - this.refreshedNanos >= Duration.ofMillis(200).toNanos());
		if (!due || !this.refreshing.compareAndSet(false, true)) {
			return;
		}
		this.stale = false;
		Map<Integer, String> before = Map.copyOf(this.moved);
		CompletionStage<Void> refreshed = refreshPartitions();
		refreshed.whenComplete((done, failure) -> {
			this.refreshedNanos = this.environment.nanoTime();
			this.refreshing.set(false);
			if (failure == null) {
				before.forEach(this.moved::remove);
			}
			else {
				logger.debug("The topology of the Redis Cluster cannot be looked up now", failure);
			}
		});
	}

	/** A client that throws is asked again, as one that fails. */
	private CompletionStage<Void> refreshPartitions() {
		try {
			return this.cluster.refreshPartitionsAsync();
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static String address(RedisURI uri) {
		return uri.getHost() + ':' + uri.getPort();
	}

}
