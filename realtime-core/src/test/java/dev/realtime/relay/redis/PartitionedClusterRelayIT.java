package dev.realtime.relay.redis;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayContract;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import org.junit.jupiter.api.AfterEach;

/** The relay on a Redis Cluster, where a node subscribes to all partitions. */
class PartitionedClusterRelayIT extends RelayContract {

	private static final RedisKeys KEYS = new RedisKeys("rt", new Partitions(128), Channels.PARTITIONS);

	private final RedisFleet fleet = RedisFleet.of(RedisCluster.shared(), KEYS);

	@Override
	protected Relay create() {
		return new RedisRelay(this.fleet.anyClient(), this.fleet.link(), KEYS, Duration.ofSeconds(2), new Loops());
	}

	@AfterEach
	void closeFleet() {
		relay().close();
		this.fleet.close();
	}

}
