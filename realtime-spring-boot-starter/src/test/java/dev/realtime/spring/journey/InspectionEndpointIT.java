package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.realtime.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Operators ask what the nodes, a topic, a user and a connection are at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InspectionEndpointIT {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final String PATH = "/actuator/realtime";

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = node();

	private final ConfigurableApplicationContext two = node();

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void aNodeShowsAllNodesOrItselfAlone() {
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(list(ask(""), "nodes")).extracting((node) -> node.get("node"))
				.containsExactlyInAnyOrder(id(this.one), id(this.two)));
		assertThat(list(ask("?fleet=false"), "nodes")).singleElement()
			.satisfies((node) -> assertThat(node).containsEntry("node", id(this.one))
				.containsEntry("role", "node")
				.containsEntry("serving", true)
				.containsEntry("broker", Map.of("connected", true, "usable", true)));
	}

	@Test
	void aTopicShowsItsRuleItsLastMessagesAndHowFarEachNodeIs() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			ann.subscribe("s", "/topic/room.1");
			this.one.getBean(RealtimePublisher.class).publishAndWait("room.1", "a secret");
			ann.await("the message", StompFrame::isMessage);
			await().atMost(SOON).untilAsserted(() -> {
				Map<String, Object> topic = ask("/topics/room.1");
				assertThat(topic).containsEntry("topic", "room.1").containsEntry("rule", "rooms");
				assertThat(list(topic, "nodes")).filteredOn((node) -> id(this.two).equals(node.get("node")))
					.singleElement()
					.satisfies((node) -> assertThat(node).containsEntry("subscribers", 1)
						.extractingByKey("delivered")
						.asInstanceOf(InstanceOfAssertFactories.MAP)
						.containsEntry("seq", 1));
				assertThat(topic.toString()).contains("bytes=8", "present=1").doesNotContain("secret");
			});
		}
	}

	@Test
	void aUserAndAConnectionAreFoundOnWhicheverNodeTheyAre() {
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room/with/slashes");
			await().atMost(SOON).untilAsserted(() -> {
				Map<String, Object> connection = list(ask("/users/bob"), "connections").get(0);
				assertThat(connection).containsEntry("node", id(this.two))
					.containsEntry("subscriptions", List.of(Map.of("id", "s", "topic", "room/with/slashes")))
					.containsKeys("address", "connectedAt");
				assertThat(ask("/connections/" + connection.get("id"))).containsEntry("user", "bob");
			});
			assertThat(list(ask("/top"), "topics")).extracting((topic) -> topic.get("topic"))
				.contains("room/with/slashes");
			assertThat(ask("/topics/room/with/slashes")).containsEntry("topic", "room/with/slashes");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.servlet.ping-interval=100ms", ChatNode.ON_NETTY })
	void aConnectionShowsHowLongItsClientTakesToAnswerAPing(String transport) {
		try (ConfigurableApplicationContext node = ChatNode.start(this.redis.port(), transport,
				"realtime.netty.ping-interval=100ms", "management.endpoints.web.exposure.include=realtime");
				StompTestClient eve = StompTestClient.connect(ChatNode.port(node), "eve")) {
			eve.subscribe("s", "/topic/room.silent");
			await().atMost(SOON)
				.untilAsserted(
						() -> assertThat(list(Http.json(ChatNode.webPort(node), PATH + "/users/eve"), "connections"))
							.singleElement()
							.satisfies((connection) -> assertThat((Double) connection.get("roundTripMillis"))
								.isBetween(0.0, 1_000.0)));
		}
	}

	@Test
	void aTopicIsFollowedFromOneAnswerToTheNext() {
		RealtimePublisher publisher = this.two.getBean(RealtimePublisher.class);
		String begin = String.valueOf(ask("/messages/room.followed").get("next"));
		publisher.publishAndWait("room.followed", "a secret");
		Map<String, Object> answer = ask("/messages/room.followed?after=" + begin);
		assertThat(list(answer, "messages")).singleElement()
			.satisfies((message) -> assertThat(message).containsEntry("bytes", 8)
				.containsEntry("seq", 1)
				.containsKey("time"));
		assertThat(answer.toString()).doesNotContain("secret");
		String next = String.valueOf(answer.get("next"));
		assertThat(list(ask("/messages?name=room.followed&after=" + next), "messages")).isEmpty();
		for (int i = 0; i < 60; i++) {
			publisher.publishAndWait("room.followed", "m" + i);
		}
		Map<String, Object> many = ask("/messages/room.followed?after=" + next);
		assertThat(many).containsEntry("skipped", 10);
		assertThat(list(many, "messages")).hasSize(50)
			.last()
			.satisfies((message) -> assertThat(message).containsEntry("seq", 61));
		assertThat(ask("/messages/room.followed?after=other-7")).containsEntry("newEpoch", true);
		assertThat(status("/messages/room.followed?after=nonsense")).isEqualTo(400);
		assertThat(status("/messages/" + "x".repeat(300))).isEqualTo(400);
	}

	@Test
	void rule8_aNodeReadsTheLogForFourQuestionsAtATimeAndAnswersTheOthersWith503() {
		try (RedisServer slow = RedisServer.startProcess();
				RedisFleet redis = new RedisFleet(slow.uri());
				ConfigurableApplicationContext node = ChatNode.start(slow.port(), "realtime.redis.timeout=60s",
						"management.endpoints.web.exposure.include=realtime")) {
			URI uri = URI.create("http://localhost:" + ChatNode.webPort(node) + PATH + "/messages/room.1");
			HttpRequest question = HttpRequest.newBuilder(uri).build();
			assertThat(redis.commands().clientPause(60_000)).isEqualTo("OK");
			List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 12)
				.mapToObj((i) -> HttpClient.newHttpClient()
					.sendAsync(question, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)))
				.toList();
			await().atMost(Duration.ofSeconds(8)).until(() -> answers.stream().filter(Future::isDone).count() >= 8);
			assertThat(answers.stream().filter(Future::isDone).map(CompletableFuture::join)).hasSize(8)
				.allSatisfy((answer) -> {
					assertThat(answer.statusCode()).isEqualTo(503);
					assertThat(JsonParserFactory.getJsonParser().parseMap(answer.body())).containsEntry("problem",
							"4 questions about a topic's messages are in progress on this node, which is the most "
									+ "allowed by realtime.inspector.topic-reads. Ask again in a moment");
				});
			slow.stop();
			slow.restart();
			await().atMost(SOON)
				.until(() -> Http.get(ChatNode.webPort(node), PATH + "/messages/room.1").statusCode() == 200);
		}
	}

	@Test
	void rule8_aNodeHasSixteenQuestionsToTheFleetInProgressAndAnswersTheOthersWith503() {
		HttpClient client = HttpClient.newHttpClient();
		URI uri = URI.create("http://localhost:" + ChatNode.webPort(this.one) + PATH + "/top");
		List<Integer> statuses = IntStream.range(0, 40)
			.mapToObj((i) -> client.sendAsync(HttpRequest.newBuilder(uri).build(),
					HttpResponse.BodyHandlers.discarding()))
			.toList()
			.stream()
			.map((answer) -> answer.join().statusCode())
			.toList();
		assertThat(statuses).contains(200, 503).containsOnly(200, 503);
	}

	@Test
	void aUserIsFollowedOnAllNodes() {
		try (StompTestClient fay = StompTestClient.connect(ChatNode.port(this.two), "fay")) {
			await().atMost(SOON).untilAsserted(() -> assertThat(list(ask("/activity/fay"), "nodes")).hasSize(2));
			fay.subscribe("s", "/topic/room.1");
			fay.send("UNSUBSCRIBE", Map.of("id", "s"), "");
			await().atMost(SOON)
				.untilAsserted(
						() -> assertThat(activity("fay")).containsExactly("subscribed room.1", "unsubscribed room.1"));
			fay.raw("NONSENSE\n\n\0");
			await().atMost(SOON)
				.untilAsserted(
						() -> assertThat(activity("fay")).hasSize(4).last().asString().startsWith("disconnected"));
			assertThat(ask("/activity/fay").toString()).contains("reason=1002");
		}
	}

	@Test
	void topShowsWhoReadsTooSlowly() throws Exception {
		try (StuckReader slow = new StuckReader(ChatNode.port(this.two), "/topic/room.slow")) {
			RealtimePublisher publisher = this.one.getBean(RealtimePublisher.class);
			await().atMost(SOON).untilAsserted(() -> {
				for (int i = 0; i < 8; i++) {
					publisher.publishAndWait("room.slow", "x".repeat(60_000));
				}
				assertThat(list(ask("/top"), "connections")).first(InstanceOfAssertFactories.MAP)
					.containsEntry("node", id(this.two))
					.extractingByKey("queue")
					.asInstanceOf(InstanceOfAssertFactories.MAP)
					.hasEntrySatisfying("bytes", (bytes) -> assertThat((Integer) bytes).isGreaterThan(60_000));
			});
			assertThat(slow.isClosedByServer()).isFalse();
		}
	}

	@Test
	void recentShowsWhyClientsWereRefusedAndDisconnected() {
		try (StompTestClient cid = StompTestClient.connect(ChatNode.port(this.two), "cid")) {
			cid.send("SEND", Map.of("destination", "/topic/news"), "clients may not publish here");
			cid.await("a refusal", (frame) -> frame.isEvent("denied"));
			cid.raw("NONSENSE\n\n\0");
			await().atMost(SOON).until(() -> cid.closeCode != null);
		}
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(list(ask("/recent"), "events"))
				.filteredOn((event) -> "cid".equals(event.get("user")))
				.allSatisfy((event) -> assertThat(event).containsEntry("node", id(this.two)).containsKey("reason"))
				.extracting((event) -> event.get("kind"))
				.contains("refusal", "disconnect"));
	}

	@Test
	void aNodeThatDoesNotAnswerAnyMoreIsNamed() {
		ConfigurableApplicationContext three = node();
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(list(ask(""), "nodes")).extracting((node) -> node.get("node"))
				.contains(id(three)));
		String lost = id(three);
		three.close();
		assertThat(ask("")).extractingByKey("noAnswer").asInstanceOf(InstanceOfAssertFactories.LIST).contains(lost);
		assertThat(ask("/connections/none")).doesNotContainKey("node")
			.extractingByKey("noAnswer")
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.contains(lost);
	}

	@Test
	void rule7_whileTheRelayIsAwayANodeAnswersAloneAndSaysSo() {
		try (RedisServer away = RedisServer.startProcess();
				ConfigurableApplicationContext alone = node(away);
				ConfigurableApplicationContext other = node(away)) {
			int port = ChatNode.webPort(alone);
			await().atMost(SOON).untilAsserted(() -> assertThat(list(Http.json(port, PATH), "nodes")).hasSize(2));
			away.stop();
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(Http.json(port, PATH)).containsEntry("problem",
						"The other nodes could not be asked"));
			assertThat(Http.get(port, PATH).statusCode()).isEqualTo(200);
			Map<String, Object> answer = Http.json(port, PATH);
			assertThat(answer).containsEntry("noAnswer", List.of(id(other)));
			assertThat(list(answer, "nodes")).singleElement()
				.satisfies((node) -> assertThat(node).containsEntry("node", id(alone)));
			for (String path : List.of("/users/ann", "/connections/none", "/recent", "/top")) {
				assertThat(Http.json(port, PATH + path)).as(path).containsEntry("noAnswer", List.of(id(other)));
			}
		}
	}

	@Test
	void whatIsNotThereIsNotFoundAndWhatIsNoTopicIsABadRequest() {
		assertThat(status("/connections/none?fleet=false")).isEqualTo(404);
		assertThat(status("/nothing")).isEqualTo(404);
		assertThat(status("/topics")).isEqualTo(404);
		assertThat(status("/topics/" + "x".repeat(300))).isEqualTo(400);
		try (ConfigurableApplicationContext other = ChatNode.startAlone()) {
			assertThat(Http.get(ChatNode.webPort(other), PATH).statusCode()).isEqualTo(404);
		}
	}

	private ConfigurableApplicationContext node() {
		return node(this.redis);
	}

	private static ConfigurableApplicationContext node(RedisServer redis) {
		return ChatNode.start(redis.port(), "management.endpoints.web.exposure.include=realtime");
	}

	private static String id(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).id();
	}

	/** What the node with the user's connection says of it. */
	private List<String> activity(String user) {
		return list(ask("/activity/" + user), "nodes").stream()
			.filter((node) -> id(this.two).equals(node.get("node")))
			.flatMap((node) -> list(node, "events").stream())
			.map((event) -> event.get("event") + " " + event.getOrDefault("topic", ""))
			.toList();
	}

	private int status(String path) {
		HttpResponse<String> answer = Http.get(ChatNode.webPort(this.one), PATH + path);
		return answer.statusCode();
	}

	private Map<String, Object> ask(String path) {
		return Http.json(ChatNode.webPort(this.one), PATH + path);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> answer, String name) {
		return (List<Map<String, Object>>) answer.getOrDefault(name, List.of());
	}

}
