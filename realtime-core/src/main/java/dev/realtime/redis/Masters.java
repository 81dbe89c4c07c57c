package dev.realtime.redis;

import java.time.Duration;
import java.util.List;

import dev.realtime.loop.Environment;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * Where several servers are: which of them has a slot, and so a partition. Two answers: a
 * Redis Cluster's, which may change at any time, and that of a list of independent
 * servers, which never does. Safe for any number of threads; nothing blocks.
 */
public interface Masters {

	/**
	 * Those that a client knows, or null if it is a client of one server.
	 * @throws io.lettuce.core.RedisException when it is a client of a cluster, none of
	 * whose nodes answers; blocks until then
	 */
	static @Nullable Masters of(AbstractRedisClient client, Environment environment) {
		if (client instanceof RedisClusterClient cluster) {
			return new ClusterMasters(cluster, environment);
		}
		return (client instanceof ShardedRedisClient shards) ? shards.servers() : null;
	}

	/**
	 * Connects to single servers. Connections are closed by their users; the client
	 * itself holds nothing.
	 */
	RedisClient client();

	/** The slot of a key or channel. */
	default int slot(byte[] key) {
		return SlotHash.getSlot(key);
	}

	/** The server of a slot, as {@code host:port}, or null when it has none. */
	@Nullable String address(int slot);

	/** All servers that have slots. */
	List<String> addresses();

	/** How to connect to a server. */
	RedisURI uri(String address);

	/** A server has said where the slot is. */
	void moved(int slot, String address);

	/** Looks again where slots are, if that was so long ago. */
	void refresh(Duration age);

	/** What a server must agree to before scripts run there; null for nothing. */
	default @Nullable ShardClaims claims() {
		return null;
	}

}
