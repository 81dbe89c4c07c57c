package dev.realtime.spring.journey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.realtime.spring.occupancy.TopicOccupiedEvent;
import dev.realtime.spring.occupancy.TopicVacatedEvent;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Topics that get their first subscriber in the fleet, or lose their last one. */
class FleetTopicEventsIT {

	private static final Duration DELAY = Duration.ofSeconds(20);

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final String SECRET = "bmV3LXNlY3JldC0wMTIzNDU2Nzg5LTAxMjM0NTY3ODk=";

	private final RedisServer redis = RedisServer.startProcess();

	private final HookReceiver receiver = new HookReceiver(null);

	private final List<Node> listeners = new ArrayList<>();

	private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

	private final ConfigurableApplicationContext one = node("spring.data.redis.port=" + this.redis.port());

	private final ConfigurableApplicationContext two = node("spring.data.redis.port=" + this.redis.port());

	@AfterEach
	void stop() {
		this.nodes.forEach(ConfigurableApplicationContext::close);
		this.redis.close();
		this.receiver.close();
	}

	@Test
	void oneNodeReportsTheFirstAndTheLastSubscriberOfTheFleetAndWebhooksHaveItOnce() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room.1");
			awaitEvents("room.1", "occupied");
			bob.subscribe("s", "/topic/room.1");
			ann.send("UNSUBSCRIBE", Map.of("id", "s"), "");
			await().during(LEASE.multipliedBy(2)).until(() -> events("room.1").equals(List.of("occupied")));
			bob.cut();
			awaitEvents("room.1", "occupied", "vacated");
			ann.subscribe("t", "/topic/room.1");
			awaitEvents("room.1", "occupied", "vacated", "occupied");
		}
		awaitEvents("room.1", "occupied", "vacated", "occupied", "vacated");
		await().atMost(DELAY)
			.until(() -> this.receiver.events()
				.equals(List.of("topic.occupied room.1", "topic.vacated room.1", "topic.occupied room.1",
						"topic.vacated room.1")));
		assertThat(this.one.getBean(MeterRegistry.class).get("realtime.topic.events.unstored").gauge().value())
			.isZero();
	}

	@Test
	void rule6_anotherNodeReportsTheTopicsOfANodeThatEnds() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room.gone");
			ann.subscribe("t", "/topic/room.shared");
			bob.subscribe("t", "/topic/room.shared");
			awaitEvents("room.gone", "occupied");
			awaitEvents("room.shared", "occupied");
			await().pollDelay(LEASE).until(() -> true);
			this.one.close();
			await().atMost(DELAY).until(() -> ofNode(this.two, "room.gone").contains("vacated"));
			assertThat(events("room.shared")).containsExactly("occupied");
		}
	}

	@Test
	void aListenerThatBlocksForLongerThanALeaseCostsNothingButTime() {
		Node node = this.one.getBean(Node.class);
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			node.block = new CountDownLatch(1);
			ann.subscribe("s", "/topic/room.slow");
			await().atMost(DELAY).until(() -> events("room.slow").equals(List.of("occupied")));
			ann.send("UNSUBSCRIBE", Map.of("id", "s"), "");
			ann.subscribe("t", "/topic/room.other");
			await().during(LEASE.multipliedBy(2)).until(() -> events("room.slow").equals(List.of("occupied")));
			node.block.countDown();
			awaitEvents("room.slow", "occupied", "vacated");
			awaitEvents("room.other", "occupied");
		}
	}

	@Test
	void aNodeAloneIsTheFleet() {
		ConfigurableApplicationContext alone = node("realtime.broker=memory");
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(alone), "ann")) {
			ann.subscribe("s", "/topic/room.alone");
			awaitEvents("room.alone", "occupied");
		}
		awaitEvents("room.alone", "occupied", "vacated");
	}

	private void awaitEvents(String topic, String... events) {
		await().atMost(DELAY).untilAsserted(() -> assertThat(events(topic)).containsExactly(events));
	}

	/** Of all nodes, by time. */
	private List<String> events(String topic) {
		return this.listeners.stream()
			.flatMap((node) -> node.all.stream())
			.filter((event) -> event.topic.equals(topic))
			.sorted((left, right) -> left.time.compareTo(right.time))
			.map((event) -> event.what)
			.toList();
	}

	private static List<String> ofNode(ConfigurableApplicationContext node, String topic) {
		return node.getBean(Node.class).all.stream()
			.filter((event) -> event.topic.equals(topic))
			.map((event) -> event.what)
			.toList();
	}

	private ConfigurableApplicationContext node(String property) {
		ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "spring.data.redis.host=127.0.0.1", "realtime.shards=2",
					"realtime.drain.spread=0s", "management.health.redis.enabled=false",
					"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false",
					"realtime.topic-events.enabled=true", "realtime.topic-events.fleet-wide=true",
					"realtime.topic-events.grace=100ms", "realtime.presence.refresh=300ms",
					"realtime.presence.lease=" + LEASE.toMillis() + "ms",
					"realtime.webhooks.test.url=http://localhost:" + this.receiver.port() + "/",
					"realtime.webhooks.test.secret=" + SECRET, "realtime.webhooks.test.topics=room.1", property)
			.run();
		this.nodes.add(node);
		this.listeners.add(node.getBean(Node.class));
		return node;
	}

	private record Event(String what, String topic, Instant time) {
	}

	/** Remembers all events. */
	@SpringBootConfiguration
	@Import(ChatNode.class)
	static class Node {

		private final List<Event> all = new CopyOnWriteArrayList<>();

		private volatile CountDownLatch block = new CountDownLatch(0);

		@EventListener
		void occupied(TopicOccupiedEvent event) throws InterruptedException {
			this.all.add(new Event("occupied", event.topic().name(), event.time()));
			this.block.await();
		}

		@EventListener
		void vacated(TopicVacatedEvent event) {
			this.all.add(new Event("vacated", event.topic().name(), event.time()));
		}

	}

}
