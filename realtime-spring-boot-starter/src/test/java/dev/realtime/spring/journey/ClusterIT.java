package dev.realtime.spring.journey;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.RedisCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes on a Redis Cluster of six processes. */
class ClusterIT {

	private static final AtomicInteger runs = new AtomicInteger();

	private final RedisCluster cluster = RedisCluster.shared();

	@ParameterizedTest
	@ValueSource(strings = { "topics", "partitions" })
	void clientsOfTwoNodesGetEachMessageOnceInOrderAndSeeEachOther(String subscriptions) {
		journey("realtime.relay.subscriptions=" + subscriptions);
	}

	@Test
	void theirRelayMayBeAnotherOne() {
		journey("realtime.relay.type=nats", "realtime.relay.nats.servers=" + NatsServer.shared().uri(),
				"realtime.repair.check-interval=10m");
	}

	private void journey(String... more) {
		String[] properties = Stream
			.concat(Stream.of("spring.data.redis.cluster.nodes=" + this.cluster.uri().substring("redis://".length()),
					"realtime.redis.prefix=cluster" + runs.incrementAndGet(), "realtime.rates.fleet-wide=true",
					"realtime.limits.fleet-connections-per-user=10"), Stream.of(more))
			.toArray(String[]::new);
		try (ConfigurableApplicationContext one = ChatNode.start(1, properties);
				ConfigurableApplicationContext two = ChatNode.start(1, properties);
				StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			for (int room = 0; room < 6; room++) {
				ann.subscribe("sub-" + room, "/topic/room." + room);
				bob.subscribe("sub-" + room, "/topic/room." + room);
			}
			ann.subscribe("wild", "/topic/wild.*");
			for (int i = 0; i < 60; i++) {
				publish((i % 2 == 0) ? one : two, "room." + i % 6, "m" + i);
			}
			publish(two, "wild.x", "w");
			await().untilAsserted(() -> assertThat(ann.messages()).hasSize(61));
			await().untilAsserted(() -> assertThat(bob.messages()).hasSize(60));
			for (int room = 0; room < 6; room++) {
				String id = "sub-" + room;
				assertThat(bob.messages()
					.stream()
					.filter((frame) -> id.equals(frame.get("subscription")))
					.map(StompFrame::seq)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
			}
			await().untilAsserted(
					() -> assertThat(Http.get(ChatNode.webPort(one), "/realtime/topics/room.1/presence").body())
						.contains("\"count\":2"));
		}
	}

	private static void publish(ConfigurableApplicationContext node, String topic, String text) {
		node.getBean(RealtimePublisher.class)
			.publish(Publication.of(Topic.of(topic), Content.text(text)))
			.toCompletableFuture()
			.join();
	}

}
