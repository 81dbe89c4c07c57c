package dev.realtime.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.redis.Continuing;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.ShardedRedisClient;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;

/**
 * Clients, links and brokers of one test against a Redis; closed together, the last
 * opened first.
 */
public final class RedisFleet implements AutoCloseable {

	public static final RedisKeys KEYS = new RedisKeys("rt");

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final String uri;

	private final RedisKeys keys;

	private final boolean cluster;

	/** Those of independent servers, or none. */
	private final List<String> shards;

	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	public RedisFleet(String uri) {
		this(uri, KEYS);
	}

	/** With names of its own. */
	public RedisFleet(String uri, RedisKeys keys) {
		this(uri, keys, false);
	}

	private int generation = 1;

	private RedisFleet(String uri, RedisKeys keys, boolean cluster, String... shards) {
		this.shards = List.of(shards);
		this.uri = uri;
		this.keys = keys;
		this.cluster = cluster;
	}

	/** Links and brokers of a cluster. */
	public static RedisFleet of(RedisCluster cluster, RedisKeys keys) {
		return new RedisFleet(cluster.uri(), keys, true);
	}

	/** Links and brokers of independent servers. */
	public static RedisFleet ofShards(List<String> uris, RedisKeys keys) {
		return new RedisFleet(uris.get(0), keys, false, uris.toArray(String[]::new));
	}

	/** Links and brokers of independent servers, whose list has changed. */
	public static RedisFleet ofShards(List<String> uris, int generation, RedisKeys keys) {
		RedisFleet fleet = ofShards(uris, keys);
		fleet.generation = generation;
		return fleet;
	}

	/** A client of the server, of the cluster, or of the independent servers. */
	public AbstractRedisClient anyClient() {
		if (!this.shards.isEmpty()) {
			ClientResources resources = DefaultClientResources.create();
			this.opened.push(() -> resources.shutdown(0, 0, TimeUnit.SECONDS).await());
			ShardedRedisClient client = new ShardedRedisClient(resources, ClientOptions.create(),
					this.shards.stream().map(RedisURI::create).toList(), this.generation, this.keys);
			this.opened.push(() -> client.shutdown(Duration.ZERO, Duration.ZERO));
			return client;
		}
		if (!this.cluster) {
			return client();
		}
		RedisClusterClient client = RedisClusterClient.create(this.uri);
		this.opened.push(() -> client.shutdown(Duration.ZERO, Duration.ZERO));
		return client;
	}

	public RedisClient client() {
		return client((options) -> options);
	}

	/** A client that speaks the older protocol. */
	public RedisClient resp2() {
		return client((options) -> options.protocolVersion(ProtocolVersion.RESP2));
	}

	/** A client with options of its own. */
	public RedisClient client(Function<ClientOptions.Builder, ClientOptions.Builder> options) {
		RedisClient client = RedisClient.create(this.uri);
		client.setOptions(options.apply(ClientOptions.builder()).build());
		this.opened.push(() -> client.shutdown(Duration.ZERO, Duration.ZERO));
		return client;
	}

	public RedisLink link() {
		return link(TIMEOUT);
	}

	public RedisLink link(Duration timeout) {
		return with(RedisLink.connect(anyClient(), timeout, new Loops(), "realtime-redis-test"));
	}

	public Numbering numbering(RedisLink link) {
		return new Numbering(link, this.keys, Duration.ofDays(30));
	}

	/** A broker that is not yet started. */
	public RedisBroker broker() {
		return broker(10_000);
	}

	public RedisBroker broker(int maxInFlight) {
		return broker(new RedisBrokerOptions(TIMEOUT, Duration.ofDays(30), maxInFlight));
	}

	/** A broker whose topics go on after a failover. */
	public RedisBroker broker(Continuing continuing) {
		return broker(new RedisBrokerOptions(TIMEOUT, Duration.ofDays(30), 10_000, continuing));
	}

	private RedisBroker broker(RedisBrokerOptions options) {
		return with(new RedisBroker(anyClient(), this.keys, options, new Loops()));
	}

	/** Commands for what only a test does. */
	public RedisCommands<byte[], byte[]> commands() {
		return connection().sync();
	}

	/** A connection for what only a test does. */
	public StatefulRedisConnection<byte[], byte[]> connection() {
		return with(client().connect(ByteArrayCodec.INSTANCE));
	}

	/** Closes it with the others. */
	public <T extends AutoCloseable> T with(T resource) {
		this.opened.push(resource);
		return resource;
	}

	@Override
	public void close() {
		while (!this.opened.isEmpty()) {
			try {
				this.opened.pop().close();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
