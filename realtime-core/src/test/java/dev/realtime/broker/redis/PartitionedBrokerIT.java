package dev.realtime.broker.redis;

import java.time.Duration;

import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/** A broker that announces on the channels of partitions. */
class PartitionedBrokerIT extends BrokerContract {

	private final RedisFleet fleet = new RedisFleet(RedisServer.shared().uri(),
			new RedisKeys("partitioned", new Partitions(128), Channels.PARTITIONS));

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
