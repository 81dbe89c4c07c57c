package dev.realtime.hub;

import java.util.List;

import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes on a Redis Cluster, 500 messages a second on 200 topics, while slots move, a
 * connection that listens is killed, and a master is killed.
 */
class ClusterChaosIT {

	private final RedisCluster cluster = RedisCluster.start();

	private final FleetChaos chaos = new FleetChaos((keys) -> RedisFleet.of(this.cluster, keys));

	@AfterEach
	void close() {
		this.chaos.close();
		this.cluster.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "BOTH", "PARTITIONS" })
	void rule3_eachConfirmedMessageArrivesOnceOrTheSubscriberIsTold(Channels channels) {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), channels);
		RedisBroker publisher = this.chaos.node(keys).broker();
		List<FleetChaos.Subscription> subscriptions = this.chaos.subscribe(this.chaos.node(keys),
				this.chaos.node(keys));
		RedisServer first = this.cluster.master(0);
		RedisServer second = this.cluster.master(8_000);
		Thread faults = new Thread(() -> {
			FleetChaos.sleep(2);
			for (int partition = 0; partition < 16; partition++) {
				this.cluster.move(keys.partitions().slot(partition), first, second);
			}
			FleetChaos.sleep(1);
			this.cluster.on(this.cluster.master(16_000), (redis) -> redis.clientKill(KillArgs.Builder.typePubsub()));
			FleetChaos.sleep(1);
			this.cluster.kill(this.cluster.master(5_000));
		});
		faults.start();
		int sent = this.chaos.publish(publisher);
		Await.result(FleetChaos.join(faults));
		this.chaos.finish(publisher, subscriptions);
		this.chaos.report(channels.name(), sent, subscriptions);
	}

}
