package dev.realtime.spring.journey;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** What all nodes of a fleet must agree on. */
class DifferentNodesIT {

	private static final RedisServer redis = RedisServer.startProcess();

	@AfterAll
	static void stop() {
		redis.close();
	}

	@ParameterizedTest
	@CsvSource({ "realtime.redis.partitions, 64, 32", "realtime.relay.subscriptions, partitions, topics",
			"realtime.redis.failover, new-epoch, continue" })
	void aNodeThatDiffersFromTheFirstOneDoesNotStartAndNamesTheProperty(String property, String first, String other) {
		String prefix = "realtime.redis.prefix=" + property;
		try (ConfigurableApplicationContext one = ChatNode.start(redis.port(), prefix, property + '=' + first);
				ConfigurableApplicationContext same = ChatNode.start(redis.port(), prefix, property + '=' + first)) {
			assertThat(refusal(prefix, property + '=' + other)).isEqualTo("Property " + property + " = \"" + other
					+ "\": must be " + first + ", which Redis knows from the first node of the fleet");
			assertThat(one.isRunning()).isTrue();
			assertThat(same.isRunning()).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "0", "1025", "-1" })
	void aNumberOfPartitionsOutOfBoundsStopsTheStart(String count) {
		assertThat(refusal("realtime.redis.partitions=" + count))
			.isEqualTo("Property realtime.redis.partitions = \"" + count + "\": must be 1 to 1024");
	}

	@ParameterizedTest
	@CsvSource({ "replicas, 17, must be 0 to 16", "replica-timeout, 0ms, must be 1ms to 30s",
			"takeover-timeout, 999ms, must be 1s to 10m" })
	void whatAFailoverNeedsStopsTheStartOutOfBounds(String name, String value, String why) {
		assertThat(refusal("realtime.redis." + name + '=' + value)).startsWith("Property realtime.redis." + name)
			.endsWith(why);
	}

	@Test
	void rule4_aReceiptSaysThatTheReplicasHaveNotConfirmed() {
		String[] properties = { "realtime.redis.prefix=continue", "realtime.redis.failover=continue" };
		try (ConfigurableApplicationContext one = ChatNode.start(redis.port(), properties)) {
			assertThat(one.getBean(RealtimePublisher.class)
				.publish(Publication.of(Topic.of("room.alone"), Content.text("m")))
				.toCompletableFuture()
				.join()
				.replicated()).isFalse();
		}
	}

	@Test
	void nodesThatSubscribeToPartitionsDeliverEachMessageOnce() {
		String[] properties = { "realtime.redis.prefix=each", "realtime.relay.subscriptions=partitions" };
		try (ConfigurableApplicationContext one = ChatNode.start(redis.port(), properties);
				ConfigurableApplicationContext two = ChatNode.start(redis.port(), properties);
				StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			ann.subscribe("sub-0", "/topic/room.each");
			bob.subscribe("sub-0", "/topic/room.each");
			for (int i = 1; i <= 50; i++) {
				ConfigurableApplicationContext node = (i % 2 == 0) ? one : two;
				node.getBean(RealtimePublisher.class)
					.publish(Publication.of(Topic.of("room.each"), Content.text("m" + i)))
					.toCompletableFuture()
					.join();
			}
			for (StompTestClient client : new StompTestClient[] { ann, bob }) {
				await().untilAsserted(() -> assertThat(client.seqs()).hasSize(50));
				assertThat(client.seqs()).isSorted().doesNotHaveDuplicates();
			}
		}
	}

	private static @Nullable String refusal(String... properties) {
		Throwable failure = catchThrowable(() -> ChatNode.start(redis.port(), properties).close());
		while (failure != null && !(failure instanceof InvalidRealtimePropertyException)) {
			failure = failure.getCause();
		}
		return (failure != null) ? failure.getMessage() : null;
	}

}
