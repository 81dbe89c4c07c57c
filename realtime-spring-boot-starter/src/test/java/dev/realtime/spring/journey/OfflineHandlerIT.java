package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.offline.OfflineHandler;
import dev.realtime.spring.offline.OfflineMessage;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Messages to users who are connected to no node reach the application's handlers. */
@ExtendWith(OutputCaptureExtension.class)
class OfflineHandlerIT {

	/** Two questions of a second each, and a busy machine. */
	private static final Duration DELAY = Duration.ofSeconds(20);

	private static RedisServer redis;

	private static ConfigurableApplicationContext one;

	private static ConfigurableApplicationContext two;

	@BeforeAll
	static void start() {
		redis = RedisServer.startProcess();
		one = node();
		two = node();
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@Test
	void aUserWhoIsConnectedNowhereIsToldOfOnceOnThePublishingNode() {
		try (StompTestClient cat = StompTestClient.connect(ChatNode.port(two), "cat")) {
			StompFrame live = cat.subscribe("s", "/user/queue/offline");
			double connected = count(one, "connected");
			send(one, "cat", "/queue/offline", "1");
			StompFrame message = cat.await("the message", StompFrame::isMessage);
			await().atMost(DELAY).until(() -> count(one, "connected") > connected);
			cat.cut();
			awaitGone("cat");
			send(one, "cat", "/queue/offline", "2", Map.of("id", "push-2"));
			await().atMost(DELAY).until(() -> !pushed(one, "cat").isEmpty());
			OfflineMessage offline = pushed(one, "cat").get(0);
			assertThat(offline.destination()).isEqualTo("/queue/offline");
			assertThat(offline.message().content().text()).isEqualTo("2");
			assertThat(offline.message().id()).isEqualTo("push-2");
			assertThat(offline.message().seq()).isEqualTo(message.seq() + 1);
			assertThat(offline.message().position().epoch()).isEqualTo(live.get("epoch"));
			assertThat(offline.unread()).isEqualTo(OptionalLong.empty());
			await().during(Duration.ofSeconds(2)).until(() -> pushed(one, "cat").size() == 1);
			assertThat(pushed(two, "cat")).isEmpty();
			assertThat(one.getBean(Handlers.class).threads)
				.allMatch((name) -> name.startsWith("realtime-offline-handler"));
			try (StompTestClient back = StompTestClient.connect(ChatNode.port(two), "cat")) {
				back.subscribe("s", "/user/queue/offline",
						Map.of("epoch", offline.message().position().epoch(), "last-seq", "" + message.seq()));
				assertThat(back.await("the message", StompFrame::isMessage).seq()).isEqualTo(offline.message().seq());
			}
		}
	}

	@Test
	void aUserOfAnotherNodeOrOfThisOneIsNotOffline() {
		double before = count(one, "connected");
		try (StompTestClient far = StompTestClient.connect(ChatNode.port(two), "far");
				StompTestClient near = StompTestClient.connect(ChatNode.port(one), "near")) {
			// Connected is enough; neither has subscribed.
			send(one, "far", "/queue/offline", "1");
			send(one, "near", "/queue/offline", "1");
			await().atMost(DELAY).until(() -> count(one, "connected") - before == 2);
			assertThat(far.closeCode).isNull();
			assertThat(near.closeCode).isNull();
		}
		assertThat(pushed(one, "far")).isEmpty();
		assertThat(pushed(one, "near")).isEmpty();
	}

	@Test
	void aUserWhoReloadsThePageIsNotOffline() {
		StompTestClient before = StompTestClient.connect(ChatNode.port(two), "reloads");
		before.cut();
		awaitGone("reloads");
		double connected = count(one, "connected");
		send(one, "reloads", "/queue/offline", "1");
		try (StompTestClient after = StompTestClient.connect(ChatNode.port(two), "reloads")) {
			await().atMost(DELAY).until(() -> count(one, "connected") - connected == 1);
			assertThat(after.closeCode).isNull();
		}
		assertThat(pushed(one, "reloads")).isEmpty();
	}

	@Test
	void aMessageThatWasPublishedBeforeIsNotToldOfAgain() {
		send(one, "twice", "/queue/offline", "1", Map.of("id", "same"));
		send(two, "twice", "/queue/offline", "1", Map.of("id", "same"));
		send(one, "twice", "/queue/offline", "1", Map.of("id", "same"));
		send(one, "twice", "/queue/offline", "2", Map.of("id", "other"));
		await().atMost(DELAY).until(() -> pushed(one, "twice").size() >= 2);
		await().during(Duration.ofSeconds(2)).until(() -> pushed(one, "twice").size() == 2);
		assertThat(pushed(two, "twice")).isEmpty();
	}

	@Test
	void rule9_anErrorOfAHandlerIsCountedAndPublishingGoesOn() {
		double failed = count(one, "failed");
		send(one, "error-1", "/queue/offline", "1");
		send(one, "error-2", "/queue/offline", "1");
		await().atMost(DELAY).until(() -> count(one, "failed") - failed == 2);
		assertThat(pushed(one, "error-1")).hasSize(1);
		send(one, "fine", "/queue/offline", "1");
		await().atMost(DELAY).until(() -> pushed(one, "fine").size() == 1);
	}

	@Test
	void rule5_aHandlerThatBlocksDelaysNoPublicationAndWhatDoesNotFitIsDroppedAndCounted() {
		try (ConfigurableApplicationContext small = node("realtime.offline.queue=3", "realtime.offline.threads=1")) {
			Handlers handlers = small.getBean(Handlers.class);
			send(small, "blocks", "/queue/offline", "1");
			await().atMost(DELAY).until(() -> handlers.blocked.getCount() == 0);
			for (int i = 0; i < 20; i++) {
				send(small, "many-" + i, "/queue/offline", "1");
			}
			assertThat(count(small, "dropped")).isEqualTo(18);
			assertThat(small.getBean(MeterRegistry.class).get("realtime.offline.waiting").gauge().value()).isEqualTo(3);
			handlers.gate.countDown();
			await().atMost(DELAY).until(() -> handlers.pushed.size() == 3);
			await().until(() -> count(small, "handled") == 3);
		}
	}

	@Test
	void connectedUsersAreFoundOnAllNodes() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(two), "bob")) {
			RealtimeSessions sessions = one.getBean(RealtimeSessions.class);
			assertThat(sessions.connectedUsers(List.of("ann", "bob", "nobody"))
				.toCompletableFuture()
				.orTimeout(10, TimeUnit.SECONDS)
				.join()).containsExactlyInAnyOrder("ann", "bob");
			assertThat(ann.closeCode).isNull();
			assertThat(bob.closeCode).isNull();
			List<String> tooLong = List.of("a".repeat(1_025));
			assertThatThrownBy(() -> sessions.connectedUsers(tooLong)).isInstanceOf(IllegalArgumentException.class);
		}
	}

	@Test
	void rule6_whileTheRelayIsAwayNobodyIsCalledOffline() {
		RealtimeSessions sessions = one.getBean(RealtimeSessions.class);
		CompletableFuture<Set<String>> asked = sessions.connectedUsers(List.of("nobody")).toCompletableFuture();
		assertThat(redis.say("CLIENT KILL TYPE pubsub")).startsWith(":");
		assertThat(asked).failsWithin(DELAY);
		for (ConfigurableApplicationContext node : List.of(one, two)) {
			await().atMost(DELAY).ignoreExceptions().until(() -> isGone(node, "nobody"));
		}
	}

	@Test
	void aUserOfAGatewayIsNotOffline() {
		try (ConfigurableApplicationContext gateway = node(GatewayFleet.GATEWAY, GatewayFleet.SECRET);
				ConfigurableApplicationContext application = node(GatewayFleet.SECRET);
				StompTestClient client = StompTestClient.connect(ChatNode.port(gateway), "of-gateway")) {
			send(application, "of-gateway", "/queue/offline", "1");
			await().atMost(DELAY).until(() -> count(application, "connected") == 1);
			assertThat(client.closeCode).isNull();
		}
	}

	@Test
	void anApplicationWithoutStompIsToldThatHandlersAreNotCalled(CapturedOutput output) {
		node("spring.main.web-application-type=none").close();
		assertThat(output).contains("OfflineHandler beans are not called");
	}

	@Test
	void aNodeThatOnlyPublishesDoesNotStartWithAHandler() {
		assertThatThrownBy(() -> node("realtime.role=publisher")).rootCause()
			.hasMessageContaining("realtime.role")
			.hasMessageContaining("OfflineHandler");
	}

	private static ConfigurableApplicationContext node(String... properties) {
		return new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port(),
					"realtime.drain.spread=0s", "management.health.redis.enabled=false",
					"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false")
			.properties(properties)
			.run();
	}

	private static void send(ConfigurableApplicationContext node, String user, String destination, String text) {
		send(node, user, destination, text, Map.of());
	}

	private static void send(ConfigurableApplicationContext node, String user, String destination, String text,
			Map<String, Object> headers) {
		node.getBean(SimpMessagingTemplate.class).convertAndSendToUser(user, destination, text, headers);
	}

	private static List<OfflineMessage> pushed(ConfigurableApplicationContext node, String user) {
		return node.getBean(Handlers.class).pushed.stream().filter((each) -> each.user().equals(user)).toList();
	}

	private static double count(ConfigurableApplicationContext node, String outcome) {
		return node.getBean(MeterRegistry.class)
			.get("realtime.offline.messages")
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	private static void awaitGone(String user) {
		await().atMost(DELAY).until(() -> isGone(one, user));
	}

	private static boolean isGone(ConfigurableApplicationContext node, String user) {
		return node.getBean(RealtimeSessions.class)
			.connectedUsers(List.of(user))
			.toCompletableFuture()
			.join()
			.isEmpty();
	}

	/** Remembers what it gets, and fails or blocks for some users. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		@Bean
		Handlers handlers() {
			return new Handlers();
		}

		@Bean
		@Order(1)
		OfflineHandler failing() {
			return (message) -> {
				if (message.user().startsWith("error")) {
					throw new AssertionError("on purpose");
				}
			};
		}

		@Bean
		@Order(2)
		OfflineHandler remembering(Handlers handlers) {
			return handlers::offline;
		}

	}

	static class Handlers {

		final List<OfflineMessage> pushed = new CopyOnWriteArrayList<>();

		final List<String> threads = new CopyOnWriteArrayList<>();

		final CountDownLatch blocked = new CountDownLatch(1);

		final CountDownLatch gate = new CountDownLatch(1);

		void offline(OfflineMessage message) throws InterruptedException {
			if (message.user().equals("blocks")) {
				this.blocked.countDown();
				this.gate.await();
			}
			this.threads.add(Thread.currentThread().getName());
			this.pushed.add(message);
		}

	}

}
