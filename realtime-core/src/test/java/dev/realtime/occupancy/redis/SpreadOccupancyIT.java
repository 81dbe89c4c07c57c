package dev.realtime.occupancy.redis;

import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.occupancy.redis.OccupancyFleet.Node;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Topics that are spread over several Redis servers. */
class SpreadOccupancyIT {

	private static final int TOPICS = 60;

	private final RedisKeys keys = new RedisKeys(UUID.randomUUID().toString(), new Partitions(128), Channels.BOTH);

	@Test
	void onACluster() {
		try (RedisFleet links = RedisFleet.of(RedisCluster.shared(), this.keys)) {
			eachChangeIsPublishedOnce(links);
		}
	}

	@Test
	void onIndependentServers() {
		try (RedisFleet links = RedisFleet.ofShards(RedisShards.shared(), this.keys)) {
			eachChangeIsPublishedOnce(links);
		}
	}

	private void eachChangeIsPublishedOnce(RedisFleet links) {
		try (OccupancyFleet fleet = new OccupancyFleet(links, this.keys)) {
			Node living = fleet.start();
			Node dying = fleet.start();
			topics().forEach((topic) -> {
				living.set(topic, true);
				dying.set(topic, true);
				dying.set("only." + topic, true);
			});
			Await.until(() -> assertThat(fleet.published()).hasSize(2 * TOPICS));
			topics().forEach((topic) -> living.set(topic, false));
			Await.until(() -> assertThat(living.waiting()).isZero());
			assertThat(fleet.published()).hasSize(2 * TOPICS);
			dying.die();
			Await.until(() -> assertThat(fleet.published()).hasSize(4 * TOPICS));
			assertThat(topics()).allSatisfy((topic) -> {
				assertThat(fleet.of(topic)).isEqualTo("+-");
				assertThat(fleet.of("only." + topic)).isEqualTo("+-");
			});
		}
	}

	private static Stream<String> topics() {
		return IntStream.range(0, TOPICS).mapToObj((i) -> "room." + i);
	}

}
