package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.partition.Partitions;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rules on two nodes that share a Redis Cluster of six processes. */
class RulesOnClusterIT extends FleetRulesContract {

	private final RedisCluster cluster = RedisCluster.shared();

	RulesOnClusterIT() {
		super(FleetServers.cluster());
	}

	@Test
	void rule7_whileAMasterIsLostOtherTopicsGoOnAndItsOwnComeBack() {
		List<String> rooms = IntStream.range(0, 12).mapToObj((i) -> "room.lost" + i).toList();
		RedisServer lost = this.cluster.master(slot("room.lost0"));
		List<String> lostRooms = rooms.stream()
			.filter((room) -> this.cluster.master(slot(room)).port() == lost.port())
			.toList();
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			rooms.forEach((room) -> client.subscribe(room, "/topic/" + room));
			rooms.forEach((room) -> publish(this.one, room, "before " + room));
			await().untilAsserted(() -> assertThat(bodies(client)).hasSize(rooms.size()));

			this.cluster.kill(lost);

			List<String> others = new ArrayList<>(rooms);
			others.removeAll(lostRooms);
			assertThat(others).isNotEmpty();
			others.forEach((room) -> publish(this.one, room, "after " + room));
			lostRooms.forEach((room) -> await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
				publish(this.one, room, "after " + room);
				return true;
			}));
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(bodies(client)).containsAll(after(rooms)));
			assertThat(bodies(client)).filteredOn((body) -> others.stream().anyMatch(body::endsWith))
				.doesNotHaveDuplicates();
			assertThat(client.closeCode).isNull();
		}
		finally {
			this.cluster.heal();
		}
	}

	private static List<String> after(List<String> rooms) {
		return rooms.stream().map((room) -> "after " + room).toList();
	}

	private static int slot(String topic) {
		Partitions partitions = new Partitions(Partitions.DEFAULT_COUNT);
		return partitions.slot(partitions.of(Topic.of(topic)));
	}

}
