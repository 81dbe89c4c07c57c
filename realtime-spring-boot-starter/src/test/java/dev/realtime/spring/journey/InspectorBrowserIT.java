package dev.realtime.spring.journey;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.testing.NodeScript;
import dev.realtime.testing.RedisServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Operators use the inspector in Chromium, on one node of two. Clients have names with
 * markup and are on the other node. The scenes are in {@code src/test/js/inspector.mjs}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InspectorBrowserIT {

	private static final Path SCRIPTS = Path.of("../realtime-spring-boot-starter/src/test/js");

	private static final Path BROWSER = Path.of("../sample-chat-app/src/test/browser");

	private static final String MARKUP = "<img src=x onerror=\"window.pwned=true\">../../<i>ann</i>";

	private static final String TOPIC = "/topic/room.<b>1</b>";

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = node();

	private final ConfigurableApplicationContext two = node();

	@BeforeAll
	void installBrowser() throws Exception {
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true");
		NodeScript.run(BROWSER, "install.mjs");
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void aConnectionIsFoundThroughItsTopicAndItsUserAndDisconnected() throws Exception {
		try (StompTestClient ann = subscribed(MARKUP)) {
			ann.send("SEND", Map.of("destination", "/topic/<u>news</u>"), "clients may not publish here");
			ann.await("a refusal", (frame) -> frame.isEvent("denied"));
			Map<String, Object> seen = scene("disconnect", InspectorNode.OPERATOR, MARKUP);
			assertThat(seen).containsEntry("topic", "Topic room.<b>1</b>")
				.containsEntry("user", "User " + MARKUP)
				.containsEntry("markup", List.of())
				.containsEntry("pwned", false)
				.containsEntry("troubles", List.of());
			await().until(() -> Integer.valueOf(4501).equals(ann.closeCode));
			assertThat(ann.closeReason).isEqualTo("go away");
		}
	}

	@Test
	void theKeyboardIsEnough() throws Exception {
		try (StompTestClient bob = subscribed("bob")) {
			assertThat(scene("keyboard", InspectorNode.OPERATOR, "bob")).containsEntry("skip", "Skip to content")
				.containsEntry("focused", "User bob")
				.containsEntry("unnamed", List.of())
				.containsEntry("troubles", List.of());
			await().until(() -> Integer.valueOf(4501).equals(bob.closeCode));
			assertThat(bob.closeReason).isEqualTo("disconnected by an operator");
		}
	}

	@Test
	void whoMayNotCarryOutCommandsHasNoButtonsOrIsTold() throws Exception {
		try (StompTestClient cid = subscribed("cid")) {
			assertThat(scene("rights", InspectorNode.READER, "cid"))
				.containsEntry("buttons", List.of("Follow this user"))
				.containsEntry("commands", 0);
			assertThat(scene("rights", InspectorNode.WATCHER, "cid"))
				.containsEntry("buttons", List.of("Follow this user", "Disconnect this user"))
				.extractingByKey("status", InstanceOfAssertFactories.STRING)
				.contains("403", "reload");
			assertThat(cid.closeCode).isNull();
		}
	}

	@Test
	void aNodeIsDrainedAndResumed() throws Exception {
		String id = this.two.getBean(RealtimeNode.class).id();
		try (StompTestClient gus = subscribed("gus")) {
			Map<String, Object> seen = scene("drain", InspectorNode.OPERATOR, id);
			assertThat(seen).containsEntry("reason", false)
				.containsEntry("cancelled", List.of("serving", "Drain node " + id))
				.containsEntry("focused", "Resume node " + id)
				.containsEntry("wide", false)
				.containsEntry("failed", "It did not answer.")
				.containsEntry("troubles", List.of());
			assertThat(seen).extractingByKey("dialog", InstanceOfAssertFactories.STRING)
				.contains(id, "told to reconnect");
			await().until(() -> Integer.valueOf(1012).equals(gus.closeCode));
		}
	}

	@Test
	void aTopicAndAUserAreFollowed() throws Exception {
		try (StompTestClient hal = subscribed(MARKUP)) {
			AtomicBoolean over = new AtomicBoolean();
			Thread events = new Thread(() -> {
				RealtimePublisher publisher = this.one.getBean(RealtimePublisher.class);
				for (int i = 0; !over.get(); i++) {
					publisher.publishAndWait("room.<b>1</b>", "<b>" + i);
					hal.subscribe("more-" + i, "/topic/room.<i>" + i);
					hal.send("UNSUBSCRIBE", Map.of("id", "more-" + i), "");
					await().pollDelay(Duration.ofMillis(100)).until(() -> true);
				}
			});
			events.start();
			try {
				Map<String, Object> seen = scene("follow", InspectorNode.OPERATOR, MARKUP);
				assertThat(seen).extractingByKey("traced", InstanceOfAssertFactories.STRING)
					.startsWith("2 nodes note the journeys of the next 10 messages");
				assertThat(seen).containsEntry("hidden", true)
					.containsEntry("topic", "Topic room.<b>1</b>")
					.containsEntry("stopped", true)
					.containsEntry("user", "User " + MARKUP)
					.containsEntry("markup", List.of())
					.containsEntry("wide", false)
					.containsEntry("troubles", List.of());
			}
			finally {
				over.set(true);
				events.join();
			}
		}
	}

	@Test
	void aMessageIsFollowedOnItsWay() throws Exception {
		try (StompTestClient ida = subscribed("ida")) {
			PublishReceipt receipt = this.one.getBean(RealtimePublisher.class)
				.publish(Publication.to(Topic.of("room.<b>1</b>"))
					.content(Content.json("{}"))
					.header(Content.JOURNEY, "true")
					.build())
				.toCompletableFuture()
				.join();
			ida.await("the message", StompFrame::isMessage);
			Map<String, Object> seen = scene("journey", InspectorNode.OPERATOR, receipt.position().toString());
			assertThat(seen).containsEntry("found", "Journey " + receipt.position())
				.containsEntry("wide", false)
				.containsEntry("troubles", List.of());
			assertThat(seen).extractingByKey("nodes", InstanceOfAssertFactories.LIST)
				.contains("Node " + this.two.getBean(RealtimeNode.class).id());
			assertThat(seen).extractingByKey("slowest", InstanceOfAssertFactories.STRING).startsWith("Slowest: ");
			assertThat(seen).extractingByKey("unknown", InstanceOfAssertFactories.STRING).contains("realtime-trace");
		}
	}

	@Test
	void numbersAreReadAgainWhileThePageIsSeenAndALostNodeIsMarked() throws Exception {
		ConfigurableApplicationContext three = node();
		String lost = three.getBean(RealtimeNode.class).id();
		await().atMost(Duration.ofSeconds(20)).until(() -> nodes().contains(lost));
		three.close();
		this.one.getBean(RealtimePublisher.class).publishAndWait("room.1", "hello");
		Map<String, Object> seen = scene("live", InspectorNode.OPERATOR, lost);
		assertThat(seen).containsEntry("whilePaused", 0)
			.containsEntry("whileHidden", 0)
			.containsEntry("again", true)
			.containsEntry("troubles", List.of());
		assertThat(seen).extractingByKey("rates", InstanceOfAssertFactories.STRING).matches("[0-9.,]+");
		assertThat(seen).extractingByKey("lost", InstanceOfAssertFactories.STRING).contains(lost, "no answer");
		assertThat(seen).containsEntry("said", "No answer from " + lost + '.');
	}

	@Test
	void whatFailsOrIsIncompleteIsShownAsThat() throws Exception {
		try (StompTestClient eve = subscribed("eve")) {
			Map<String, Object> seen = scene("failures", InspectorNode.OPERATOR, "eve");
			assertThat(seen).containsEntry("lists", "No topic has subscribers.")
				.containsEntry("filtered", "No events of this kind are in the list.")
				.containsEntry("incomplete", List.of("User big", "Disconnect this user"))
				.containsEntry("isolated", "eve")
				.containsEntry("refused", "The endpoint of commands was not found (404).")
				.containsEntry("kept", "(table not updated while text is selected)")
				.containsEntry("found", 0)
				.containsEntry("troubles", List.of());
			assertThat(seen).extractingByKey("tooLong", InstanceOfAssertFactories.STRING).contains("200 bytes");
			assertThat(seen).extractingByKey("paused", InstanceOfAssertFactories.STRING).endsWith("(paused)");
			assertThat(eve.closeCode).isNull();
		}
	}

	@Test
	void nothingIsWiderThanANarrowScreen() throws Exception {
		String longName = MARKUP + "x".repeat(100);
		try (StompTestClient dan = subscribed(longName)) {
			dan.send("SEND", Map.of("destination", "/topic/<u>news</u>"), "clients may not publish here");
			dan.await("a refusal", (frame) -> frame.isEvent("denied"));
			this.one.getBean(RealtimePublisher.class).publishAndWait("room.<b>1</b>", "hello");
			assertThat(scene("narrow", InspectorNode.OPERATOR, longName)).containsEntry("wide", List.of())
				.containsEntry("looked", 12)
				.containsEntry("troubles", List.of());
		}
	}

	private ConfigurableApplicationContext node() {
		return InspectorNode.start("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + this.redis.port(),
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true");
	}

	private StompTestClient subscribed(String user) {
		StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), user);
		client.subscribe("s", TOPIC);
		return client;
	}

	/** What the first node shows of the fleet. */
	private String nodes() {
		return InspectorPageIT.as(ChatNode.webPort(this.one), InspectorNode.OPERATOR, "/actuator/realtime").body();
	}

	private Map<String, Object> scene(String scene, String operator, String name) throws Exception {
		List<String> output = NodeScript.run(SCRIPTS, "inspector.mjs", "http://localhost:" + ChatNode.webPort(this.one),
				scene, operator, name);
		return JsonParserFactory.getJsonParser().parseMap(output.get(output.size() - 1));
	}

}
