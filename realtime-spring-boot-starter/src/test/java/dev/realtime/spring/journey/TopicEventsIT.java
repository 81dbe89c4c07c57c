package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.occupancy.TopicOccupancy;
import dev.realtime.spring.occupancy.TopicOccupiedEvent;
import dev.realtime.spring.occupancy.TopicVacatedEvent;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.SessionQuery;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics that get their first subscriber on a node, or lose their last one. */
class TopicEventsIT {

	private static final String ENABLED = "realtime.topic-events.enabled=true";

	private static final Duration DELAY = Duration.ofSeconds(20);

	private static RedisServer redis;

	private static ConfigurableApplicationContext one;

	private static ConfigurableApplicationContext two;

	@BeforeAll
	static void start() {
		redis = RedisServer.startProcess();
		one = node(ENABLED);
		two = node(ENABLED);
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@Test
	void eachNodeReportsItsOwnFirstAndLastSubscriber() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(one), "bob");
				StompTestClient far = StompTestClient.connect(ChatNode.port(two), "far")) {
			ann.subscribe("s", "/topic/room.first");
			bob.subscribe("s", "/topic/room.first");
			ann.subscribe("again", "/topic/room.first");
			await().atMost(DELAY).until(() -> events(one, "room.first").equals(List.of("occupied")));
			assertThat(events(two, "room.first")).isEmpty();
			far.subscribe("s", "/topic/room.first");
			await().atMost(DELAY).until(() -> events(two, "room.first").equals(List.of("occupied")));
			ann.cut();
			bob.send("UNSUBSCRIBE", Map.of("id", "s"), "");
			await().atMost(DELAY).until(() -> events(one, "room.first").equals(List.of("occupied", "vacated")));
			assertThat(events(two, "room.first")).containsExactly("occupied");
			// What the fleet knows: another node has a subscriber.
			assertThat(one.getBean(RealtimeSessions.class)
				.find(SessionQuery.all().withTopic("room.first").withLimit(1))
				.toCompletableFuture()
				.orTimeout(10, TimeUnit.SECONDS)
				.join()
				.sessions()).hasSize(1);
			bob.subscribe("s", "/topic/room.first");
			await().atMost(DELAY)
				.until(() -> events(one, "room.first").equals(List.of("occupied", "vacated", "occupied")));
		}
	}

	@Test
	void aReloadOfThePageIsNoEvent() {
		StompTestClient before = StompTestClient.connect(ChatNode.port(one), "ann");
		before.subscribe("s", "/topic/room.reload");
		await().atMost(DELAY).until(() -> events(one, "room.reload").equals(List.of("occupied")));
		before.cut();
		await().atMost(DELAY)
			.until(() -> one.getBean(RealtimeNode.class).hub().subscribers(dev.realtime.Topic.of("room.reload")) == 0);
		try (StompTestClient after = StompTestClient.connect(ChatNode.port(one), "ann")) {
			after.subscribe("s", "/topic/room.reload");
			await().during(Duration.ofSeconds(3)).until(() -> events(one, "room.reload").equals(List.of("occupied")));
		}
	}

	@Test
	void wildcardsAndReservedTopicsHaveNoEvents() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann")) {
			ann.subscribe("own", "/user/queue/news");
			ann.subscribe("queue", "/queue/orders");
			ann.subscribe("members", "/topic/_presence.room.members");
			ann.subscribe("pattern", "/topic/wild.*");
			one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/wild.1", "1");
			ann.await("the message", StompFrame::isMessage);
			ann.subscribe("last", "/topic/room.last");
			await().atMost(DELAY).until(() -> events(one, "room.last").equals(List.of("occupied")));
			assertThat(one.getBean(Node.class).all).noneMatch((each) -> each.contains("_") || each.contains("wild"));
		}
	}

	@Test
	void rule9_listenersRunOnTheirOwnThreadAndMayThrow() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann")) {
			ann.subscribe("s", "/topic/error.1");
			ann.subscribe("t", "/topic/error.2");
			await().atMost(DELAY)
				.until(() -> events(one, "error.1").equals(List.of("occupied"))
						&& events(one, "error.2").equals(List.of("occupied")));
			one.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/error.1", "1");
			ann.await("the message", StompFrame::isMessage);
		}
		await().atMost(DELAY).until(() -> events(one, "error.1").equals(List.of("occupied", "vacated")));
		assertThat(one.getBean(Node.class).threads).allMatch("realtime-topic-events"::equals);
		assertThat(one.getBean(MeterRegistry.class).get("realtime.topic.events.dropped").functionCounter().count())
			.isZero();
	}

	@Test
	void withoutThePropertyNothingIsCounted() {
		try (ConfigurableApplicationContext off = node();
				StompTestClient ann = StompTestClient.connect(ChatNode.port(off), "ann")) {
			ann.subscribe("s", "/topic/room.off");
			assertThat(off.getBeanProvider(TopicOccupancy.class).getIfAvailable()).isNull();
			await().during(Duration.ofSeconds(1)).until(() -> off.getBean(Node.class).all.isEmpty());
		}
	}

	private static ConfigurableApplicationContext node(String... properties) {
		return new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port(),
					"realtime.shards=2", "realtime.drain.spread=0s", "management.health.redis.enabled=false",
					"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false")
			.properties(properties)
			.run();
	}

	private static List<String> events(ConfigurableApplicationContext node, String topic) {
		return node.getBean(Node.class).all.stream()
			.filter((each) -> each.endsWith(' ' + topic))
			.map((each) -> each.substring(0, each.indexOf(' ')))
			.toList();
	}

	/** Remembers all events, and fails after those of some topics. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		private final List<String> all = new CopyOnWriteArrayList<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		@EventListener
		void occupied(TopicOccupiedEvent event) {
			note("occupied " + event.topic());
		}

		@EventListener
		void vacated(TopicVacatedEvent event) {
			note("vacated " + event.topic());
		}

		private void note(String event) {
			this.all.add(event);
			this.threads.add(Thread.currentThread().getName());
			if (event.contains("error")) {
				throw new AssertionError("on purpose");
			}
		}

	}

}
