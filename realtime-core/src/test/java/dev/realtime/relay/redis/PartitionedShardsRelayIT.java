package dev.realtime.relay.redis;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayContract;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;

/**
 * The relay on three independent Redis servers, where a node subscribes to all
 * partitions.
 */
class PartitionedShardsRelayIT extends RelayContract {

	private static final RedisKeys KEYS = new RedisKeys("rt", new Partitions(128), Channels.PARTITIONS);

	private final RedisFleet fleet = RedisFleet.ofShards(RedisShards.shared(), KEYS);

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
