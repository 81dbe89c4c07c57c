package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A snapshot and the messages after its position are the present state, while four
 * publishers on two nodes change it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotIT {

	private static final int PUBLISHERS = 4;

	private static final int EACH = 60;

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one = SnapshotNode.start(this.redis.port());

	private final ConfigurableApplicationContext two = SnapshotNode.start(this.redis.port());

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@RepeatedTest(20)
	void aListAndTheEntriesAfterItAreTheWholeList() throws Exception {
		Topic topic = Topic.of("list." + System.nanoTime());
		List<Future<?>> publishing = publish(topic,
				(publisher, entry) -> SnapshotNode.Store.add(publisher, topic, entry));
		await().pollInterval(Duration.ofMillis(2)).until(() -> SnapshotNode.Store.list(topic).size() > 50);
		Map<String, Object> snapshot = Http.json(ChatNode.webPort(this.one), path(topic));
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			join(client, topic, snapshot);
			finish(publishing);
			Set<String> all = new HashSet<>(strings(snapshot.get("state")));
			assertThat(all).hasSizeBetween(50, PUBLISHERS * EACH);
			exactAfter(client, snapshot);
			client.messages().forEach((message) -> all.add(message.body()));
			assertThat(all).isEqualTo(SnapshotNode.Store.list(topic)).hasSize(PUBLISHERS * EACH);
		}
	}

	@RepeatedTest(20)
	void aSumThatKnowsItsPositionAndTheNumbersAfterItAreTheWholeSum() throws Exception {
		Topic topic = Topic.of("sum." + System.nanoTime());
		SnapshotNode.Sum sum = SnapshotNode.Store.sum(topic);
		List<Future<?>> publishing = publish(topic, (publisher, entry) -> sum.add(publisher, topic, entry.hashCode()));
		await().pollInterval(Duration.ofMillis(2)).until(() -> sum.value() != 0);
		Map<String, Object> snapshot = Http.json(ChatNode.webPort(this.one), path(topic));
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			join(client, topic, snapshot);
			finish(publishing);
			exactAfter(client, snapshot);
			long after = client.messages().stream().mapToLong((message) -> Long.parseLong(message.body())).sum();
			assertThat(((Number) Objects.requireNonNull(snapshot.get("state"))).longValue() + after)
				.isEqualTo(sum.value());
		}
	}

	private List<Future<?>> publish(Topic topic, BiConsumer<RealtimePublisher, String> change) {
		ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
		List<Future<?>> publishing = new ArrayList<>();
		for (int t = 0; t < PUBLISHERS; t++) {
			RealtimePublisher publisher = ((t % 2 == 0) ? this.one : this.two).getBean(RealtimePublisher.class);
			String author = topic.name() + " t" + t;
			publishing.add(threads.submit(() -> {
				for (int i = 0; i < EACH; i++) {
					change.accept(publisher, author + '-' + i);
				}
			}));
		}
		threads.shutdown();
		return publishing;
	}

	/** The client goes on from where the snapshot stands. */
	private static void join(StompTestClient client, Topic topic, Map<String, Object> snapshot) {
		assertThat(snapshot).containsEntry("topic", topic.name());
		StompFrame receipt = client.subscribe("sub-0", "/topic/" + topic,
				Map.of("epoch", String.valueOf(snapshot.get("epoch")), "last-seq", String.valueOf(seq(snapshot))));
		assertThat(receipt.header("recovered")).isEqualTo("true");
	}

	private static void finish(List<Future<?>> publishing) throws Exception {
		for (Future<?> publisher : publishing) {
			publisher.get(60, TimeUnit.SECONDS);
		}
	}

	private static void exactAfter(StompTestClient client, Map<String, Object> snapshot) {
		List<Long> after = LongStream.rangeClosed(seq(snapshot) + 1, PUBLISHERS * EACH).boxed().toList();
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(after));
	}

	private static long seq(Map<String, Object> snapshot) {
		return ((Number) Objects.requireNonNull(snapshot.get("seq"))).longValue();
	}

	private static List<String> strings(@Nullable Object list) {
		return ((List<?>) Objects.requireNonNull(list)).stream().map(String::valueOf).toList();
	}

	private static String path(Topic topic) {
		return "/realtime/topics/" + topic + "/snapshot";
	}

}
