package dev.realtime.broker.redis;

import java.time.Duration;

import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisShards;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/** The broker on three independent Redis servers. */
class ShardsBrokerIT extends BrokerContract {

	private final RedisFleet fleet = RedisFleet.ofShards(RedisShards.shared(),
			new RedisKeys("rt", new Partitions(128), Channels.BOTH));

	@Override
	protected Broker create() {
		return this.fleet.broker();
	}

	@Override
	protected boolean isFleet() {
		return true;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

	@AfterEach
	void closeFleet() {
		this.fleet.close();
	}

}
