package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Three nodes, many threads, and then the truth. */
class PresenceHammerIT {

	private static final int THREADS = 9;

	private static final int ROUNDS = 3;

	private static final int CHANGES = 400;

	private static final RedisServer redis = RedisServer.start();

	private final List<Topic> topics = IntStream.range(0, 3)
		.mapToObj((i) -> Topic.of("hammer." + UUID.randomUUID()))
		.toList();

	private final List<String> users = IntStream.range(0, 8).mapToObj((i) -> "user " + i).toList();

	/** Topic, user and connection of whoever is there. */
	private final Map<Topic, Map<String, Set<String>>> truth = new ConcurrentSkipListMap<>();

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 50 })
	void rule6_countsWhatIsTrueAndPublishesEachEventOnceInOrder(int graceMillis) throws Exception {
		PresenceOptions options = new PresenceOptions(Duration.ofMillis(graceMillis), Duration.ofMillis(300),
				Duration.ofMillis(2_000));
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (Fleet fleet = new Fleet(redis, options)) {
			List<RedisPresence> nodes = fleet.start(3);
			for (int round = 0; round < ROUNDS; round++) {
				List<Callable<Void>> work = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					Presence node = nodes.get(i % 3);
					String thread = "t" + i;
					Random random = new Random(round * 100L + i);
					work.add(() -> change(node, thread, random));
				}
				for (Future<Void> done : threads.invokeAll(work)) {
					done.get();
				}
				await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertTruth(fleet, nodes));
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** Each thread has connections of its own; it waits for some of its changes. */
	private Void change(Presence node, String thread, Random random) {
		for (int i = 0; i < CHANGES; i++) {
			Topic topic = this.topics.get(random.nextInt(this.topics.size()));
			String user = this.users.get(random.nextInt(this.users.size()));
			String connection = thread + '-' + random.nextInt(2);
			Set<String> connections = this.truth.computeIfAbsent(topic, (key) -> new ConcurrentSkipListMap<>())
				.computeIfAbsent(user, (key) -> ConcurrentHashMap.newKeySet());
			CompletionStage<Void> written;
			if (random.nextInt(5) < 2) {
				written = node.enter(topic, user, connection);
				connections.add(connection);
			}
			else {
				written = node.leave(topic, user, connection);
				connections.remove(connection);
			}
			if (random.nextInt(4) == 0) {
				join(written);
			}
		}
		return null;
	}

	private void assertTruth(Fleet fleet, List<RedisPresence> nodes) {
		this.truth.forEach((topic, users) -> {
			List<Presence.Member> expected = users.entrySet()
				.stream()
				.filter((entry) -> !entry.getValue().isEmpty())
				.map((entry) -> new Presence.Member(entry.getKey(), entry.getValue().size()))
				.toList();
			nodes.forEach((node) -> assertThat(join(node.members(topic, 100))).isEqualTo(expected));
			users.forEach((user, connections) -> assertThat(fleet.events().of(topic, user)).as("%s on %s", user, topic)
				.matches(connections.isEmpty() ? "(\\+-)*" : "(\\+-)*\\+"));
		});
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
