package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What happens to subscriptions when a Redis Cluster changes. */
class ClusterRelayFaultsIT {

	private final RedisCluster cluster = RedisCluster.start();

	private final Messages.Heard heard = new Messages.Heard();

	private final List<Topic> topics = IntStream.range(0, 300).mapToObj((i) -> Messages.topic()).toList();

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "BOTH", "PARTITIONS" })
	void rule7_subscriptionsFollowTheirSlotsAndTheListenerIsTold(Channels channels) {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), channels);
		try (RedisFleet fleet = RedisFleet.of(this.cluster, keys)) {
			Relay relay = fleet
				.with(new RedisRelay(fleet.anyClient(), fleet.link(), keys, Duration.ofSeconds(2), new Loops()));
			relay.start(this.heard);
			this.topics.stream().map(relay::subscribe).toList().forEach(Await::result);
			allArrive(relay, 1);
			assertThat(this.heard.reconnections()).isZero();

			this.cluster.on(this.cluster.master(16_000), (redis) -> redis.clientKill(KillArgs.Builder.typePubsub()));
			Await.until(() -> assertThat(this.heard.reconnections()).isPositive());
			allArrive(relay, 2);

			int told = this.heard.reconnections();
			int slot = keys.partitions().slot(keys.partitions().of(this.topics.get(0)));
			this.cluster.move(slot, this.cluster.master(slot),
					this.cluster.master((slot + Partitions.SLOTS / 2) % Partitions.SLOTS));
			Await.until(() -> assertThat(this.heard.reconnections()).isGreaterThan(told));
			allArrive(relay, 3);

			int before = this.heard.reconnections();
			this.cluster.replicasTakeOver(false);
			this.cluster.kill(this.cluster.master(5_000));
			Await.until(() -> assertThat(this.topics).as("no topic of a lost master counts as subscribed")
				.anyMatch((topic) -> relay.subscribe(topic).toCompletableFuture().isCompletedExceptionally()));
			this.cluster.replicasTakeOver(true);
			Await.until(() -> assertThat(this.heard.reconnections()).isGreaterThan(before));
			allArrive(relay, 4);
		}
	}

	/** Announced until it arrives: what is lost meanwhile is repaired by others. */
	private void allArrive(Relay relay, long seq) {
		Await.until(() -> {
			this.topics.stream()
				.filter((topic) -> !arrived(topic, seq))
				.forEach((topic) -> relay.announce(
						new TopicMessage(topic, new Position("EPOCH", seq), 1, null, Content.text("m"), null, 0)));
			assertThat(this.topics).allMatch((topic) -> arrived(topic, seq));
		});
	}

	private boolean arrived(Topic topic, long seq) {
		return this.heard.messages()
			.stream()
			.anyMatch((message) -> message.seq() == seq && message.topic().equals(topic));
	}

}
