package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** An operator takes a node of a fleet out of service, over another one, and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class OperatorDrainContract {

	private static final String PATH = "/actuator/realtimesessions/";

	private static final String HEALTH = "/actuator/health";

	private final String[] properties;

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	OperatorDrainContract(String... properties) {
		this.properties = properties;
		this.one = node(this.redis);
		this.two = node(this.redis);
	}

	@AfterEach
	void resume() {
		assertThat(post("resume", id(this.two)).statusCode()).isEqualTo(200);
		await().until(() -> ready(this.two));
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void clientsLeaveAndNewOnesAreRefusedUntilTheNodeIsResumed() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient plain = StompTestClient.connectPlain(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room.drained");
			assertThat(answer(post("drain", id(this.two)))).containsEntry("outcome", "done")
				.containsEntry("node", id(this.two));

			await().untilAsserted(() -> assertThat(ann.closeCode).isEqualTo(1012));
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1012));
			assertThat(ann.frames()).anyMatch((frame) -> frame.isEvent("reconnect"));
			await().untilAsserted(() -> assertThat(shown()).containsEntry("drain", "drained")
				.containsEntry("serving", false)
				.containsEntry("connections", 0));
		}
		assertThat(ready(this.two)).isFalse();
		assertThat(Http.get(ChatNode.webPort(this.two), HEALTH + "/readiness").statusCode()).isEqualTo(503);
		assertThat(Http.get(ChatNode.webPort(this.two), HEALTH).body()).contains("OUT_OF_SERVICE");
		assertThat(ready(this.one)).isTrue();
		assertThat(drainedAge(this.two)).isPositive();
		assertThat(drainedAge(this.one)).isZero();
		assertThatThrownBy(() -> StompTestClient.connect(ChatNode.port(this.two), "ann")).rootCause()
			.hasMessageContaining("503");
		HttpResponse<String> poll = Polls.poll(ChatNode.port(this.two), "topic=room.drained");
		assertThat(poll.statusCode()).isEqualTo(503);
		assertThat(poll.headers().firstValue("Retry-After")).isPresent();
		assertThat(Polls.send(ChatNode.port(this.two), "destination=/topic/room.drained", "text").statusCode())
			.isEqualTo(503);
		try (EventStream stream = EventStream.ask(ChatNode.port(this.two), "topic=room.drained")) {
			assertThat(stream.await("closed").json()).containsEntry("code", 1012);
			await().until(() -> stream.ended);
			assertThat(stream.answer().statusCode()).isEqualTo(200);
			assertThat(stream.answer().headers().firstValue("Content-Type").orElseThrow())
				.startsWith("text/event-stream");
			assertThat(stream.lines.get(0)).matches("retry: [1-3]\\d{3}");
			assertThat(stream.events()).hasSize(1);
		}
		assertThat(this.two.getBean(RealtimeNode.class).hub().stats().connections()).isZero();

		assertThat(answer(post("resume", id(this.two)))).containsEntry("outcome", "done");
		await().until(() -> ready(this.two));
		assertThat(drainedAge(this.two)).isZero();
		assertThat(Http.get(ChatNode.webPort(this.two), HEALTH + "/readiness").statusCode()).isEqualTo(200);
		StompTestClient.connect(ChatNode.port(this.two), "ann").close();
	}

	@Test
	void theApplicationOfADrainedNodeGoesOn() {
		assertThat(answer(post("drain", id(this.two)))).containsEntry("outcome", "done");
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			ann.subscribe("s", "/topic/room.other");
			this.two.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.other", "from a drained node");
			ann.await("the message", StompFrame::isMessage);
			assertThat(ann.closeCode).isNull();
		}
	}

	@Test
	void commandsAreIdempotent() {
		assertThat(answer(post("resume", id(this.two)))).containsEntry("outcome", "unchanged");
		assertThat(answer(post("drain", id(this.two)))).containsEntry("outcome", "done");
		assertThat(answer(post("drain", id(this.two)))).containsEntry("outcome", "unchanged");
		assertThat(answer(post("resume", id(this.two)))).containsEntry("outcome", "done");
	}

	@Test
	void theNodeThatIsAskedDrainsItself() {
		try (ConfigurableApplicationContext alone = ChatNode.startAlone(all())) {
			int port = ChatNode.webPort(alone);
			assertThat(answer(Http.post(port, PATH + "drain", body(id(alone))))).containsEntry("outcome", "done");
			await().until(() -> !ready(alone));
			assertThat(Http.post(port, PATH + "drain", body("other")).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void anUnknownNodeIsNotFoundAndTheOthersAreNamed() {
		HttpResponse<String> answer = post("drain", "nobody");
		assertThat(answer.statusCode()).isEqualTo(404);
		assertThat(answer(answer)).containsEntry("outcome", "unknown");
		assertThat(answer.body()).contains("nobody", id(this.one), id(this.two));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"user\":\"ann\"}" })
	void aCommandWithoutANodeIsABadRequest(String body) {
		assertThat(Http.post(ChatNode.webPort(this.one), PATH + "drain", body).statusCode()).isEqualTo(400);
	}

	@Test
	void aNodeThatDoesNotAnswerIsNamed() {
		ConfigurableApplicationContext three = node(this.redis);
		String lost = id(three);
		await().until(() -> Http.get(ChatNode.webPort(this.one), "/actuator/realtime").body().contains(lost));
		three.close();
		HttpResponse<String> answer = post("drain", lost);
		assertThat(answer.statusCode()).isEqualTo(504);
		assertThat(answer(answer)).containsEntry("outcome", "no-answer");
		assertThat(answer.body()).contains(lost, "did not answer");
	}

	@Test
	void rule7_whileTheRelayIsAwayOnlyTheNodeItselfCanBeDrained() {
		try (RedisServer away = RedisServer.startProcess();
				ConfigurableApplicationContext alone = node(away);
				ConfigurableApplicationContext other = node(away)) {
			away.stop();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				HttpResponse<String> answer = Http.post(ChatNode.webPort(alone), PATH + "drain", body(id(other)));
				assertThat(answer.statusCode()).isEqualTo(504);
				assertThat(answer.body()).contains("The relay cannot be reached");
			});
			assertThat(answer(Http.post(ChatNode.webPort(alone), PATH + "drain", body(id(alone)))))
				.containsEntry("outcome", "done");
		}
	}

	@Test
	void aDrainedNodeEndsAtOnceAndIsNotDrainedAgain() {
		ConfigurableApplicationContext three = node(this.redis, "realtime.drain.delay=3s");
		Timer drains = three.getBean(MeterRegistry.class).get("realtime.drain").timer();
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(three), "ann")) {
			assertThat(answer(post("drain", id(three)))).containsEntry("drain", "leaving");
			await().untilAsserted(() -> assertThat(ann.closeCode).isEqualTo(1012));
			await().until(() -> drains.count() == 1);
		}
		long began = System.nanoTime();
		three.close();
		assertThat(Duration.ofNanos(System.nanoTime() - began)).as("without realtime.drain.delay")
			.isLessThan(Duration.ofSeconds(3));
		assertThat(drains.count()).isOne();
	}

	private ConfigurableApplicationContext node(RedisServer server, String... more) {
		return ChatNode.start(server.port(), all(more));
	}

	private String[] all(String... more) {
		List<String> all = new ArrayList<>(List.of(this.properties));
		all.addAll(List.of("management.endpoints.web.exposure.include=health,realtime,realtimesessions",
				"management.endpoint.health.probes.enabled=true", "management.endpoint.health.show-components=always"));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	private HttpResponse<String> post(String command, String node) {
		return Http.post(ChatNode.webPort(this.one), PATH + command, body(node));
	}

	private static String body(String node) {
		return "{\"node\":\"" + node + "\"}";
	}

	private static Map<String, Object> answer(HttpResponse<String> answer) {
		return Polls.json(answer);
	}

	/** What the first node shows of the second. */
	@SuppressWarnings("unchecked")
	private Map<String, Object> shown() {
		return ((List<Map<String, Object>>) Http.json(ChatNode.webPort(this.one), "/actuator/realtime")
			.getOrDefault("nodes", List.of())).stream()
			.filter((node) -> id(this.two).equals(node.get("node")))
			.findFirst()
			.orElse(Map.of());
	}

	private static double drainedAge(ConfigurableApplicationContext node) {
		return node.getBean(MeterRegistry.class).get("realtime.drained.age").gauge().value();
	}

	private static boolean ready(ConfigurableApplicationContext node) {
		return node.getBean(ApplicationAvailability.class).getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
	}

	private static String id(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).id();
	}

}
