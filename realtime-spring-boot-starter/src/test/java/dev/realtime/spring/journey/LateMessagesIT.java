package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.sequence.SequenceService;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Operators ask why a message was late, and the answer names the stage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateMessagesIT {

	private static final Duration SOON = Duration.ofSeconds(20);

	/** Longer than anything else takes here. */
	private static final Duration LATE = Duration.ofMillis(2_500);

	private static final String PATH = "/actuator/realtime/journeys";

	private static final String TRACE = "/actuator/realtimesessions/trace";

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = node("realtime.publish.client-journeys=true");

	private final ConfigurableApplicationContext two = node();

	@AfterEach
	void inTimeAgain() {
		LateBroker broker = lateBroker();
		broker.delayRelay(Duration.ZERO);
		broker.delayReads(Duration.ZERO);
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void eachNodeShowsTheStagesOfAMessageAndSubscribersDoNotSeeThatItWasAskedFor() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room/with/slashes");
			bob.subscribe("s", "/topic/room/with/slashes");
			String message = publish("room/with/slashes");
			for (StompTestClient client : List.of(ann, bob)) {
				assertThat(client.await("the message", StompFrame::isMessage).toString())
					.doesNotContain("realtime-trace");
			}
			for (String topic : List.of("", "?topic=room%2Fwith%2Fslashes")) {
				await().atMost(SOON).untilAsserted(() -> {
					Map<String, Object> answer = ask(message + topic);
					assertThat(answer).containsEntry("message", message).containsKeys("slowest", "noAnswer");
					assertThat(stages(answer, this.one)).containsExactly("published", "answered", "received", "ordered",
							"handed", "offered", "written");
					assertThat(stages(answer, this.two)).containsExactly("received", "ordered", "handed", "offered",
							"written");
				});
			}
			assertThat(status(message + "?topic=room.other")).isEqualTo(404);
		}
	}

	@Test
	void aSubscriberThatDoesNotReadIsTheStage() throws Exception {
		try (StuckReader slow = new StuckReader(ChatNode.port(this.two), "/topic/room.slow");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room.slow");
			RealtimePublisher publisher = this.one.getBean(RealtimePublisher.class);
			await().atMost(SOON).until(() -> {
				publisher.publishAndWait("room.slow", "x".repeat(60_000));
				return this.two.getBean(RealtimeNode.class).hub().stats().queuedBytes() > 300_000;
			});
			String message = publish("room.slow");
			bob.await("the message", (frame) -> frame.isMessage() && frame.body().equals("late?"));
			await().atMost(SOON).untilAsserted(() -> {
				Map<String, Object> answer = ask(message);
				assertThat(slowest(answer)).contains("since offered to all live subscribers on node " + id(this.two))
					.contains("the sockets of 1 of 2 subscribers have not taken it yet");
				assertThat(of(answer, this.two)).containsEntry("waiting", 1)
					.extractingByKey("slowConnections")
					.asString()
					.contains("bytes=")
					.doesNotContain("user=bob");
			});
			assertThat(slow.isClosedByServer()).isFalse();
		}
	}

	@Test
	void aNumberThatWasTakenAndNeverUsedIsTheStage() {
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room.hole");
			lateBroker().delayReads(LATE);
			this.one.getBean(SequenceService.class).next(Topic.of("room.hole")).toCompletableFuture().join();
			String message = publish("room.hole");
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(slowest(ask(message)))
					.contains("since received from the relay on node " + id(this.two))
					.contains("not ordered yet, waits for 1 missing number"));
			bob.await("the message", StompFrame::isMessage);
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(slowest(ask(message))).matches("\\d+\\.\\d s between .*")
					.contains("s between received from the relay and ordered on node " + id(this.two))
					.contains("waited for 1 missing number"));
		}
	}

	@Test
	void aRelayThatIsSlowIsTheStage() {
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room.relay");
			lateBroker().delayRelay(LATE);
			String message = publish("room.relay");
			bob.await("the message", StompFrame::isMessage);
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(slowest(ask(message))).matches("\\d+\\.\\d s between .*")
					.contains("between numbered and received from the relay on node " + id(this.two))
					.contains("by the clocks of the numbering and of this node"));
		}
	}

	@Test
	void aClientsSendAsksForNothingUnlessThePropertySaysSo() {
		for (ConfigurableApplicationContext node : List.of(this.two, this.one)) {
			try (StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
				ann.subscribe("s", "/topic/room.client");
				ann.send("SEND", Map.of("destination", "/topic/room.client", "receipt", "r", "realtime-trace", "true"),
						"hello");
				StompFrame message = ann.await("the message", StompFrame::isMessage);
				assertThat(message.toString()).doesNotContain("realtime-trace");
				String id = message.header("message-id");
				if (node == this.one) {
					await().atMost(SOON).untilAsserted(() -> assertThat(status(id)).isEqualTo(200));
				}
				else {
					ann.await("the receipt", (frame) -> "r".equals(frame.get("receipt-id")));
					assertThat(status(id)).isEqualTo(404);
					assertThat(journeys(node)).noneMatch((each) -> id.equals(each.get("message")));
				}
			}
		}
	}

	@Test
	void aNodeListsItsLastJourneys() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			ann.subscribe("s", "/topic/room.list");
			String first = publish("room.list");
			String second = publish("room.list");
			await().atMost(SOON)
				.untilAsserted(
						() -> assertThat(journeys(this.one)).filteredOn((each) -> "room.list".equals(each.get("topic")))
							.allSatisfy((each) -> assertThat(each).containsKeys("slowest", "numbered"))
							.extracting((each) -> each.get("message"))
							.containsExactly(second, first));
			assertThat(journeys(this.two)).noneMatch((each) -> "room.list".equals(each.get("topic")));
		}
	}

	@Test
	void aNodeThatDoesNotAnswerIsMarked() {
		ConfigurableApplicationContext three = node();
		String lost = id(three);
		await().atMost(SOON)
			.untilAsserted(
					() -> assertThat(Http.get(ChatNode.webPort(this.one), "/actuator/realtime").body()).contains(lost));
		three.close();
		String message = publish("room.unfollowed");
		assertThat(nodes(ask(message))).contains(Map.of("node", lost, "answered", false));
		assertThat(ask(message + "?fleet=false")).doesNotContainKey("problem")
			.extractingByKey("nodes")
			.asString()
			.contains(id(this.one))
			.doesNotContain(id(this.two));
	}

	@Test
	void anOperatorAsksForTheJourneysOfTheNextMessagesOfATopic() {
		assertThat(trace(this.one, "{\"topic\": \"room.next\", \"messages\": 2}")).containsEntry("outcome", "done")
			.extractingByKey("nodes")
			.asString()
			.contains(id(this.one), id(this.two));
		String other = publishPlainly(this.two, "room.other");
		String first = publishPlainly(this.two, "room.next");
		String second = publishPlainly(this.two, "room.next");
		String third = publishPlainly(this.two, "room.next");
		String elsewhere = publishPlainly(this.one, "room.next");
		for (String message : List.of(first, second, elsewhere)) {
			await().atMost(SOON).untilAsserted(() -> assertThat(status(message)).isEqualTo(200));
		}
		assertThat(stages(ask(first), this.two)).contains("published", "answered");
		assertThat(status(third)).isEqualTo(404);
		assertThat(status(other + "?topic=room.other")).isEqualTo(404);
		assertThat(trace(this.one, "{\"topic\": \"room.next\", \"messages\": 0}")).containsEntry("outcome", "done");
		assertThat(status(publishPlainly(this.one, "room.next"))).isEqualTo(404);
	}

	@Test
	void aRequestForJourneysIsBounded() {
		for (int messages : List.of(-1, 51)) {
			assertThat(Http
				.post(ChatNode.webPort(this.one), TRACE, "{\"topic\": \"room.next\", \"messages\": " + messages + "}")
				.statusCode()).isEqualTo(400);
		}
		assertThat(Http.post(ChatNode.webPort(this.one), TRACE, "{\"messages\": 1}").statusCode()).isEqualTo(400);
	}

	@Test
	void whatIsNoMessageIsABadRequest() {
		assertThat(status("nonsense")).isEqualTo(400);
		assertThat(status("-1")).isEqualTo(400);
		assertThat(status("epoch-")).isEqualTo(400);
		assertThat(status("epoch-1?topic=" + "x".repeat(300))).isEqualTo(400);
		assertThat(status("epoch-1?fleet=false")).isEqualTo(404);
	}

	private LateBroker lateBroker() {
		return (LateBroker) this.two.getBean(RealtimeNode.class).broker();
	}

	private static Map<String, Object> trace(ConfigurableApplicationContext node, String json) {
		HttpResponse<String> answer = Http.post(ChatNode.webPort(node), TRACE, json);
		assertThat(answer.statusCode()).isEqualTo(200);
		return JsonParserFactory.getJsonParser().parseMap(answer.body());
	}

	/** Publishes what does not ask for its journey; returns the message's id. */
	private static String publishPlainly(ConfigurableApplicationContext node, String topic) {
		return node.getBean(RealtimePublisher.class).publishAndWait(topic, "late?").position().toString();
	}

	/** Returns the message's id. */
	private String publish(String topic) {
		Publication publication = Publication.to(Topic.of(topic))
			.content(Content.text("late?"))
			.header("realtime-trace", "true")
			.build();
		return this.one.getBean(RealtimePublisher.class).publishAndWait(publication).position().toString();
	}

	private ConfigurableApplicationContext node(String... more) {
		List<String> properties = new ArrayList<>(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + this.redis.port(), "realtime.shards=2",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
				"realtime.drain.spread=0s", "realtime.security.anonymous=true", "management.health.redis.enabled=false",
				"management.endpoints.web.exposure.include=realtime,realtimesessions",
				"spring.main.register-shutdown-hook=false"));
		properties.addAll(List.of(more));
		return new SpringApplicationBuilder(ChatNode.class, LateBroker.Config.class).bannerMode(Banner.Mode.OFF)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	private static String id(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).id();
	}

	private Map<String, Object> ask(String message) {
		return Http.json(ChatNode.webPort(this.one), PATH + "/" + message);
	}

	private int status(String message) {
		return Http.get(ChatNode.webPort(this.one), PATH + "/" + message).statusCode();
	}

	private static String slowest(Map<String, Object> answer) {
		return String.valueOf(answer.get("slowest"));
	}

	private static List<Map<String, Object>> nodes(Map<String, Object> answer) {
		return list(answer, "nodes");
	}

	private static List<Map<String, Object>> journeys(ConfigurableApplicationContext node) {
		return list(Http.json(ChatNode.webPort(node), PATH), "journeys");
	}

	private static Map<String, Object> of(Map<String, Object> answer, ConfigurableApplicationContext node) {
		return nodes(answer).stream().filter((each) -> id(node).equals(each.get("node"))).findFirst().orElse(Map.of());
	}

	private static List<Object> stages(Map<String, Object> answer, ConfigurableApplicationContext node) {
		return list(of(answer, node), "stages").stream().map((each) -> each.get("stage")).toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> answer, String name) {
		return (List<Map<String, Object>>) answer.getOrDefault(name, List.of());
	}

}
