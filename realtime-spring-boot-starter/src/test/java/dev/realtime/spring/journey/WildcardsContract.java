package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions to destinations with wildcards, on two nodes with a Redis of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WildcardsContract {

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	WildcardsContract(String... more) {
		List<String> all = new ArrayList<>(List.of("realtime.repair.subscription-linger=500ms"));
		all.addAll(List.of(more));
		String[] properties = all.toArray(String[]::new);
		this.one = ChatNode.start(this.redis.port(), properties);
		this.two = ChatNode.start(this.redis.port(), properties);
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/topic/a.*      | a.x a.Zürich a.user@example   | a.x.y b.x a a/x
			/topic/b/*      | b/42 b/c.d                      | b/42/x b.42 b
			/topic/c/**     | c/1 c/1/2 c/1.5/x               | c c.1
			/topic/d.*.bid  | d.ACME.bid d.x{y}.bid           | d.bid d.ACME.ask
			/topic/_e.*     | _e.x                            | e.x
			""")
	void aPatternBringsTheTopicsThatMatchWhereverTheyArePublished(String destination, String matching, String others) {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame receipt = client.subscribe("sub-0", destination);
			assertThat(receipt.headers()).containsEntry("pattern",
					Topic.fromDestination(destination.substring("/topic/".length())).name());
			assertThat(receipt.get("recovered")).isNull();
			List<String> names = List.of(matching.split(" ", -1));
			for (String other : others.split(" ", -1)) {
				publish(this.one, other, "other");
			}
			for (int i = 1; i <= 3; i++) {
				for (String name : names) {
					publish((i % 2 == 0) ? this.two : this.one, name, name + ' ' + i);
				}
			}
			await().untilAsserted(() -> assertThat(client.messages()).hasSize(3 * names.size()));
			for (String name : names) {
				assertThat(client.messages()
					.stream()
					.filter((frame) -> frame.header("destination").equals("/topic/" + name))
					.map((frame) -> frame.header("subscription") + ' ' + frame.seq() + ' ' + frame.body()))
					.containsExactly("sub-0 1 " + name + " 1", "sub-0 2 " + name + " 2", "sub-0 3 " + name + " 3");
			}
		}
	}

	@Test
	void aClientGetsWhatItSendsRightBehindItsSubscribe() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			for (int i = 1; i <= 20; i++) {
				client.send("SUBSCRIBE", Map.of("id", "s" + i, "destination", "/topic/room." + i + ".*"), "");
				client.send("SUBSCRIBE", Map.of("id", "t" + i, "destination", "/topic/room.*"), "");
				client.send("SEND", Map.of("destination", "/topic/room.own" + i), "m");
				String id = "t" + i;
				String destination = "/topic/room.own" + i;
				client.await("its own message", (frame) -> frame.isMessage() && id.equals(frame.get("subscription"))
						&& destination.equals(frame.get("destination")));
				client.send("UNSUBSCRIBE", Map.of("id", id), "");
			}
		}
	}

	@Test
	void rule4_aClientThatReturnsGoesOnBehindThePositionsThatItNames() {
		publish(this.one, "stock,=%/x", "x1");
		publish(this.one, "stock,=%/y", "y1");
		StompFrame x;
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			client.subscribe("sub-0", "/topic/stock,=%/*");
			publish(this.one, "stock,=%/x", "x2");
			x = client.await("x2", StompFrame::isMessage);
		}
		IntStream.rangeClosed(3, 50).forEach((i) -> publish(this.one, "stock,=%/x", "x" + i));
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			StompFrame receipt = client.subscribe("sub-0", "/topic/stock,=%/*", Map.of("positions",
					"/topic/stock%2C%3D%25/x=" + x.header("message-id") + ",/topic/stock%2C%3D%25/y=OLD-1"));
			assertThat(receipt.headers()).containsEntry("resumed", "2")
				.containsEntry("recovered", "false")
				.containsEntry("reason", "pattern");
			publish(this.two, "stock,=%/x", "x51");
			await().untilAsserted(() -> assertThat(client.messages()).extracting(StompFrame::body)
				.containsExactlyElementsOf(IntStream.rangeClosed(3, 51).mapToObj((i) -> "x" + i).toList()));
			StompFrame gap = client.await("the gap", (frame) -> frame.isEvent("gap"));
			assertThat(gap.headers()).containsEntry("subscription-id", "sub-0")
				.containsEntry("topic", "stock,=%/y")
				.containsEntry("reason", "epoch-changed");
		}
	}

	@Test
	void rule4_aClientThatNamesNoTopicIsToldThatSomeMayBeMissing() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame receipt = client.subscribe("sub-0", "/topic/price.*", Map.of("epoch", "E", "last-seq", "7"));
			assertThat(receipt.headers()).containsEntry("recovered", "false").containsEntry("reason", "pattern");
		}
	}

	@Test
	void rule7_aKilledRelayConnectionIsHealedAndOtherTopicsAreSaidToBeMissing() {
		RedisClient admin = RedisClient.create(this.redis.uri());
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			client.subscribe("sub-0", "/topic/heal/*");
			publish(this.one, "heal/a", "a1");
			publish(this.one, "heal/b", "b1");
			await().untilAsserted(() -> assertThat(client.messages()).hasSize(2));
			CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
				for (int i = 2; i <= 300; i++) {
					publish(this.one, "heal/a", "a" + i);
					publish(this.one, "heal/b", "b" + i);
				}
			});
			for (int kill = 1; kill <= 3; kill++) {
				int after = kill * 100;
				await().pollInterval(Duration.ofMillis(2)).until(() -> client.messages().size() > after);
				admin.connect().sync().clientKill(KillArgs.Builder.typePubsub());
			}
			publishing.join();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				for (String topic : List.of("a", "b")) {
					assertThat(client.messages()
						.stream()
						.filter((frame) -> frame.header("destination").equals("/topic/heal/" + topic))
						.map(StompFrame::body))
						.containsExactlyElementsOf(IntStream.rangeClosed(1, 300).mapToObj((i) -> topic + i).toList());
				}
			});
			StompFrame gap = client.await("the gap", (frame) -> frame.isEvent("gap"));
			assertThat(gap.headers()).containsEntry("subscription-id", "sub-0")
				.containsEntry("pattern", "heal/*")
				.containsEntry("reason", "pattern")
				.doesNotContainKey("topic");
		}
		finally {
			admin.shutdown();
		}
	}

	@Test
	void watchingMakesNobodyAMember() {
		try (StompTestClient watcher = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient member = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			watcher.subscribe("sub-0", "/topic/room.*");
			member.subscribe("sub-0", "/topic/room.members");
			publish(this.one, "room.members", "m");
			watcher.await("the message", StompFrame::isMessage);
			await().untilAsserted(() -> assertThat(
					Http.get(ChatNode.webPort(this.one), "/realtime/topics/room.members/presence").body())
				.contains("\"count\":1", "bob"));
		}
	}

	@Test
	void leavesNothingBehind() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			client.subscribe("sub-0", "/topic/left/*");
			publish(this.one, "left/a", "m");
			client.await("the message", StompFrame::isMessage);
			client.send("UNSUBSCRIBE", Map.of("id", "sub-0", "receipt", "gone"), "");
			client.await("the receipt", (frame) -> "gone".equals(frame.get("receipt-id")));
			publish(this.one, "left/b", "m");
			client.subscribe("sub-0", "/topic/left.end");
			assertThat(client.messages()).hasSize(1);
		}
		RealtimeNode node = this.one.getBean(RealtimeNode.class);
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(node.hub().patterns()).isZero());
	}

	private static void publish(ConfigurableApplicationContext node, String name, String text) {
		node.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.of(Topic.fromDestination(name), Content.text(text)));
	}

}
