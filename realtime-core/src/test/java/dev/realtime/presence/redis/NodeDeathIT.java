package dev.realtime.presence.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceLimits;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 6: a dead node leaves no ghosts. */
class NodeDeathIT {

	private static final PresenceOptions OPTIONS = new PresenceOptions(Duration.ofMillis(200), Duration.ofMillis(100),
			Duration.ofSeconds(1), new PresenceLimits(10_000, Duration.ofSeconds(1)));

	/** For finding it, on a machine that does other things too. */
	private static final Duration TOLERANCE = Duration.ofSeconds(2);

	private static final RedisServer redis = RedisServer.start();

	private final Fleet fleet = new Fleet(redis, OPTIONS);

	private final String run = "death." + UUID.randomUUID();

	private final List<Topic> topics = IntStream.range(0, 40).mapToObj((i) -> Topic.of(this.run + '.' + i)).toList();

	private final List<String> users = IntStream.range(0, 30).mapToObj((i) -> "user " + i).toList();

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	@Test
	void rule6_leavesNoGhostsAndPublishesEachLeaveOnce() {
		List<RedisPresence> alive = this.fleet.start(3);
		RedisPresence dying = this.fleet.start();
		enterAll(dying, "d");
		join(alive.get(0).enter(this.topics.get(0), "user 0", "elsewhere"));
		this.fleet.kill(dying);
		long death = System.nanoTime();
		awaitMembers(alive, 1);
		assertThat(Duration.ofNanos(System.nanoTime() - death)).isLessThan(OPTIONS.lease().plus(TOLERANCE));
		await().untilAsserted(() -> assertThat(leaves()).isEqualTo(40 * 30 - 1));
		letTimePass(alive);
		assertEachLeftAtMostOnce();
		assertThat(leaves()).isEqualTo(40 * 30 - 1);
		assertThat(this.fleet.events().of(this.topics.get(0), "user 0")).isEqualTo("+");
	}

	@Test
	void findsLeavesWhoseOwnNodeDiedDuringTheGrace() {
		List<RedisPresence> alive = this.fleet.start(3);
		RedisPresence dying = this.fleet.start();
		enterAll(dying, "d");
		CompletableFuture
			.allOf(this.topics.stream()
				.flatMap((topic) -> this.users.stream()
					.map((user) -> dying.leave(topic, user, "d").toCompletableFuture()))
				.toArray(CompletableFuture<?>[]::new))
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		this.fleet.kill(dying);
		awaitMembers(alive, 0);
		await().untilAsserted(() -> assertThat(leaves()).isEqualTo(40 * 30));
		assertEachLeftAtMostOnce();
	}

	@Test
	void rule6_aSweeperThatDiesInTheMiddleLosesNoLeave() {
		List<RedisPresence> alive = this.fleet.start(2);
		RedisPresence dying = this.fleet.start();
		RedisPresence sweeper = this.fleet.start();
		enterAll(dying, "d");
		enterAll(sweeper, "s");
		this.fleet.kill(dying);
		CompletableFuture
			.runAsync(() -> this.fleet.kill(sweeper),
					CompletableFuture.delayedExecutor(OPTIONS.lease().toMillis(), TimeUnit.MILLISECONDS))
			.join();
		awaitMembers(alive, 0);
		letTimePass(alive);
		assertThat(leaves()).isEqualTo(40 * 30);
		assertEachLeftAtMostOnce();
	}

	@Test
	void buriesMoreUsersThanOneCallMayFind() {
		List<RedisPresence> alive = this.fleet.start(3);
		RedisPresence dying = this.fleet.start();
		Topic crowded = this.topics.get(0);
		int crowd = 3 * TopicCalls.BATCH + 7;
		CompletableFuture
			.allOf(IntStream.range(0, crowd)
				.mapToObj((i) -> dying.enter(crowded, "user " + i, "d").toCompletableFuture())
				.toArray(CompletableFuture<?>[]::new))
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		this.fleet.kill(dying);
		awaitMembers(alive, 0);
		await().untilAsserted(() -> assertThat(leaves(crowded)).hasSize(crowd).doesNotHaveDuplicates());
	}

	@Test
	void leavesNoGhostsOfAProcessThatWasKilled() throws IOException {
		List<RedisPresence> alive = this.fleet.start(3);
		Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
				System.getProperty("java.class.path"), DyingNode.class.getName(), redis.uri(),
				this.topics.get(0).name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			assertThat(output.lines().anyMatch("entered"::equals)).isTrue();
		}
		assertThat(join(alive.get(0).count(this.topics.get(0)))).isEqualTo(10);
		process.destroyForcibly().onExit().join();
		long death = System.nanoTime();
		awaitMembers(alive, 0);
		assertThat(Duration.ofNanos(System.nanoTime() - death)).isLessThan(OPTIONS.lease().plus(TOLERANCE));
		await().untilAsserted(() -> assertThat(leaves()).isEqualTo(10));
		assertEachLeftAtMostOnce();
	}

	private void enterAll(RedisPresence node, String connection) {
		CompletableFuture
			.allOf(this.topics.stream()
				.flatMap((topic) -> this.users.stream()
					.map((user) -> node.enter(topic, user, connection).toCompletableFuture()))
				.toArray(CompletableFuture<?>[]::new))
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
	}

	private void awaitMembers(List<RedisPresence> nodes, long expected) {
		await().untilAsserted(
				() -> assertThat(this.topics.stream().mapToLong((topic) -> join(nodes.get(1).count(topic))).sum())
					.isEqualTo(expected));
	}

	/** Until somebody who leaves now has left, through each of the nodes. */
	private void letTimePass(List<RedisPresence> nodes) {
		Topic aside = Topic.of(this.run + ".aside");
		for (RedisPresence node : nodes) {
			String witness = "witness " + UUID.randomUUID();
			join(node.enter(aside, witness, "w"));
			join(node.leave(aside, witness, "w"));
			await().untilAsserted(() -> assertThat(this.fleet.events().leaves(aside, witness)).isEqualTo(1));
		}
	}

	private int leaves() {
		return this.topics.stream().mapToInt((topic) -> leaves(topic).size()).sum();
	}

	private List<String> leaves(Topic topic) {
		return this.fleet.events().on(topic).stream().filter((event) -> event.startsWith("-")).toList();
	}

	private void assertEachLeftAtMostOnce() {
		assertThat(this.topics).allSatisfy((topic) -> assertThat(leaves(topic)).doesNotHaveDuplicates());
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	/** A node in a process of its own. */
	static final class DyingNode {

		private DyingNode() {
		}

		public static void main(String[] args) throws InterruptedException {
			RedisPresence node = new RedisPresence(RedisClient.create(args[0]), new RedisKeys("rt"), "dying", OPTIONS,
					TopicPolicies.all(TopicPolicy.DEFAULT), Duration.ofSeconds(2), Duration.ofMinutes(10), new Loops());
			node.start((topic, event) -> CompletableFuture.completedStage(null));
			for (int i = 0; i < 10; i++) {
				join(node.enter(Topic.of(args[1]), "user " + i, "c"));
			}
			System.out.println("entered");
			Thread.currentThread().join();
		}

	}

}
