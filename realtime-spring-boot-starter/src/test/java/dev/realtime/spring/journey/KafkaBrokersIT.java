package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.KafkaServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes over a Kafka of three brokers, of which one dies. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaBrokersIT {

	private static final int TOPICS = 20;

	private static final int MESSAGES = 5_000;

	private static final long PAUSE = 2_000_000;

	private final List<KafkaServer> brokers = KafkaServer.cluster(3);

	private final FleetServers redis = FleetServers.redis();

	@AfterAll
	void stop() {
		this.brokers.forEach(KafkaServer::close);
	}

	@Test
	void rule3_eachConfirmedMessageArrivesOnceThoughABrokerDies() {
		String[] properties = this.redis.with("realtime.relay.type=kafka", "realtime.relay.kafka.timeout=10s",
				"logging.level.org.apache.kafka=off", "spring.kafka.bootstrap-servers="
						+ this.brokers.stream().map(KafkaServer::address).collect(Collectors.joining(",")));
		Map<String, AtomicInteger> confirmed = new ConcurrentHashMap<>();
		AtomicInteger failed = new AtomicInteger();
		try (ConfigurableApplicationContext one = ChatNode.start(1, properties);
				ConfigurableApplicationContext two = ChatNode.start(1, properties);
				StompTestClient client = StompTestClient.connect(ChatNode.port(two), "ann")) {
			IntStream.range(0, TOPICS).forEach((i) -> client.subscribe("room." + i, "/topic/room." + i));
			RealtimePublisher publisher = one.getBean(RealtimePublisher.class);
			long next = System.nanoTime();
			for (int i = 0; i < MESSAGES; i++) {
				if (i == MESSAGES / 3) {
					this.brokers.get(1).stop();
				}
				String room = "room." + i % TOPICS;
				publisher.publish(Publication.of(Topic.of(room), Content.text("m" + i)))
					.whenComplete((receipt, failure) -> {
						if (failure != null) {
							failed.incrementAndGet();
						}
						else {
							confirmed.computeIfAbsent(room, (key) -> new AtomicInteger()).incrementAndGet();
						}
					});
				next += PAUSE;
				LockSupport.parkNanos(next - System.nanoTime());
			}
			await().untilAsserted(() -> assertThat(all(confirmed) + failed.get()).isEqualTo(MESSAGES));
			await().atMost(Duration.ofSeconds(60)).until(() -> client.messages().size() >= all(confirmed));
			System.out.printf("%d published while one of 3 brokers died: %d confirmed, %d failed; %d arrived%n",
					MESSAGES, all(confirmed), failed.get(), client.messages().size());
			confirmed.forEach((room,
					count) -> assertThat(client.messages()
						.stream()
						.filter((frame) -> room.equals(frame.get("subscription")))
						.map(StompFrame::seq)
						.toList()).isEqualTo(LongStream.rangeClosed(1, count.get()).boxed().toList()));
			assertThat(failed).hasValue(0);
			assertThat(client.closeCode).isNull();
		}
	}

	private static int all(Map<String, AtomicInteger> confirmed) {
		return confirmed.values().stream().mapToInt(AtomicInteger::get).sum();
	}

}
