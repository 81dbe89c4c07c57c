package dev.realtime.spring;

import java.util.concurrent.CompletionException;
import java.util.function.Function;

import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.FleetSettings;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.ShardListException;
import dev.realtime.relay.redis.RedisRelayAgreement;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Redis that the nodes of the fleet share: the application's own, or the servers of
 * {@code realtime.redis.shards}.
 */
public final class FleetRedis implements AutoCloseable {

	private final RedisConnectionFactory factory;

	private final RedisProperties properties;

	private final RedisKeys keys;

	private final FleetRelay relay;

	private final @Nullable ShardedRedis shards;

	private boolean agreed;

	FleetRedis(RedisConnectionFactory factory, RedisProperties properties, RelayProperties.Subscriptions subscriptions,
			FleetRelay relay) {
		this.factory = factory;
		this.properties = properties;
		this.relay = relay;
		this.keys = new RedisKeys(properties.prefix(), new Partitions(properties.partitions()), switch (subscriptions) {
			case TOPICS -> (properties.shards() != null || isCluster(factory)) ? Channels.BOTH : Channels.TOPICS;
			case PARTITIONS -> Channels.PARTITIONS;
		});
		this.shards = (properties.shards() != null)
				? new ShardedRedis(properties.shards(), properties.shardsGeneration(), factory, this.keys) : null;
	}

	private static boolean isCluster(RedisConnectionFactory factory) {
		return factory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware();
	}

	/** Whether it is a Redis Cluster. */
	boolean isCluster() {
		return this.shards == null && isCluster(this.factory);
	}

	/** Whether it is several independent servers, not that of {@link #factory}. */
	public boolean isSharded() {
		return this.shards != null;
	}

	/**
	 * Opens a connection for commands; closed by the caller. Fails as
	 * {@link #connected(Function)} does.
	 * @param name of its thread
	 */
	public RedisLink link(Loops loops, String name) {
		return connected((client) -> RedisLink.connect(client, this.properties.timeout(), loops, name));
	}

	/** The application's connection factory for it. */
	public RedisConnectionFactory factory() {
		return this.factory;
	}

	/** The names of the fleet. */
	public RedisKeys keys() {
		return this.keys;
	}

	/**
	 * Makes something that connects at once.
	 * @throws RedisUnreachableException when Redis does not answer
	 * @throws RedisUnusableException when the client is not Lettuce
	 * @throws InvalidRealtimePropertyException when other nodes of the fleet are
	 * configured differently
	 */
	<T> T connected(Function<AbstractRedisClient, T> connect) {
		try {
			return RedisDiagnosis.withReason(() -> {
				AbstractRedisClient client = client();
				agree(client);
				return connect.apply(client);
			});
		}
		catch (RedisException ex) {
			throw new RedisUnreachableException(address(), this.shards != null, ex);
		}
		catch (ShardListException ex) {
			throw new InvalidRealtimePropertyException(ex.property(), ex.value(), ex.why());
		}
	}

	/** The first node of the fleet decides; the answer is asked for once. */
	private synchronized void agree(AbstractRedisClient client) {
		if (this.agreed) {
			return;
		}
		FleetSettings mine = FleetSettings.of(this.keys);
		try (RedisLink link = RedisLink.connect(client, this.properties.timeout(), new Loops(),
				"realtime-redis-start")) {
			FleetSettings fleet = mine.agree(link, this.keys).toCompletableFuture().join();
			check("realtime.redis.partitions", mine.partitions(), fleet.partitions());
			check("realtime.relay.subscriptions", name(mine.channels()), name(fleet.channels()));
			String failover = this.properties.failover().word();
			check("realtime.redis.failover", failover,
					FleetSettings.agreeOnFailover(link, this.keys, failover).toCompletableFuture().join());
			this.relay.agree(new RedisRelayAgreement(link, this.keys), RelayProperties.Type.REDIS, "Redis");
			this.agreed = true;
		}
		catch (CompletionException ex) {
			throw new RedisConnectionException("Redis did not answer: " + RedisLink.unwrap(ex).getMessage(),
					RedisLink.unwrap(ex));
		}
	}

	private static void check(String property, Object mine, Object fleet) {
		if (!mine.equals(fleet)) {
			throw new InvalidRealtimePropertyException(property, mine,
					"must be " + fleet + ", which Redis knows from the first node of the fleet");
		}
	}

	private static String name(Channels channels) {
		return (channels == Channels.PARTITIONS) ? "partitions" : "topics";
	}

	/**
	 * Returns the application's own Lettuce client, or that of the independent servers.
	 * @throws RedisUnusableException when it is another one
	 */
	AbstractRedisClient client() {
		if (this.shards != null) {
			return this.shards.client();
		}
		if (!(this.factory instanceof LettuceConnectionFactory lettuce)) {
			throw new RedisUnusableException(
					"it needs Lettuce, and the application's RedisConnectionFactory is a "
							+ this.factory.getClass().getName(),
					"Remove spring.data.redis.client-type, or define a LettuceConnectionFactory in addition to "
							+ "yours and name it in realtime.redis.connection-factory. For a single node without "
							+ "Redis set realtime.broker=memory.");
		}
		return lettuce.getRequiredNativeClient();
	}

	private String address() {
		if (this.shards != null) {
			return String.join(", ", this.shards.names());
		}
		if (isCluster(this.factory)) {
			return "the nodes of spring.data.redis.cluster.nodes";
		}
		return (this.factory instanceof LettuceConnectionFactory lettuce)
				? lettuce.getHostName() + ':' + lettuce.getPort() : "the configured address";
	}

	/** Ends the client of the independent servers; the application's own is not ours. */
	@Override
	public void close() {
		if (this.shards != null) {
			this.shards.close();
		}
	}

}
