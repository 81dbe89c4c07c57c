package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceLimits;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Redis that stops, comes back, and forgets. */
class RedisAwayIT {

	private static final PresenceOptions OPTIONS = new PresenceOptions(Duration.ofMillis(200), Duration.ofMillis(100),
			Duration.ofMillis(1_500), new PresenceLimits(1_000, Duration.ofMillis(500)));

	/** Whose refresh does not come during a test. */
	private static final PresenceOptions RARE = new PresenceOptions(Duration.ofMillis(200), Duration.ofMinutes(1),
			Duration.ofMinutes(3));

	private static final int USERS = 3 * TopicCalls.BATCH / 2;

	private final RedisServer redis = RedisServer.startProcess();

	private final Fleet fleet = new Fleet(this.redis, OPTIONS);

	private final Topic topic = Topic.of("away." + UUID.randomUUID());

	private List<RedisPresence> nodes = List.of();

	@BeforeEach
	void enterMany() {
		this.nodes = this.fleet.start(3);
		all(users().map((user) -> node(user).enter(this.topic, user, "c")));
		join(this.nodes.get(1).enter(this.topic, "user 0", "second"));
		await().untilAsserted(() -> assertThat(users()).allMatch((user) -> of(user).equals("+")));
	}

	@AfterEach
	void stop() {
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void isCompleteAgainAfterRedisWasRestartedEmptyAndTellsToReadTheMembersAnew() {
		List<Presence.Member> before = members();
		this.redis.stop();
		this.redis.restart();
		await().ignoreExceptions().untilAsserted(() -> assertThat(members()).isEqualTo(before));
		await().untilAsserted(() -> assertThat(this.fleet.events().on(this.topic)).endsWith("reset " + USERS));
		letTheGracePass();
		assertThat(users()).allSatisfy((user) -> assertThat(of(user)).isEqualTo("+"));
	}

	@Test
	void isCompleteAgainAfterRedisForgotAndTellsOneMoreJoinEach() {
		List<Presence.Member> before = members();
		this.fleet.redis().flushall();
		await().ignoreExceptions().untilAsserted(() -> assertThat(members()).isEqualTo(before));
		letTheGracePass();
		assertThat(users()).allSatisfy((user) -> assertThat(of(user)).isEqualTo("++"));
	}

	@Test
	void writesLaterWhatChangedWhileRedisWasAway() {
		this.redis.stop();
		await().untilAsserted(() -> assertThat(this.nodes.get(0).count(this.topic)).isCompletedExceptionally());
		CompletionStage<Void> entered = this.nodes.get(0).enter(this.topic, "late", "l1");
		CompletionStage<Void> left = node("user 1").leave(this.topic, "user 1", "c");
		// One of two connections is gone, and one that comes and goes.
		node("user 0").leave(this.topic, "user 0", "c");
		this.nodes.get(2).enter(this.topic, "visitor", "v");
		this.nodes.get(2).leave(this.topic, "visitor", "v");
		assertThat(entered.toCompletableFuture()).isNotDone();
		this.redis.restart();
		join(entered);
		join(left);
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(members()).hasSize(USERS)
				.contains(new Presence.Member("user 0", 1), new Presence.Member("late", 1))
				.noneMatch((member) -> member.user().equals("user 1") || member.user().equals("visitor")));
		letTheGracePass();
		assertThat(this.fleet.events().of(this.topic, "late")).isEqualTo("+");
		assertThat(this.fleet.events().of(this.topic, "user 0")).isEqualTo("+");
		assertThat(this.fleet.events().of(this.topic, "user 1")).isEqualTo("+-");
		assertThat(this.fleet.events().of(this.topic, "visitor")).isEmpty();
	}

	@Test
	void closesAtOnceWhileRedisIsAway() {
		this.redis.stop();
		await().untilAsserted(() -> assertThat(this.nodes.get(0).count(this.topic)).isCompletedExceptionally());
		long start = System.nanoTime();
		this.nodes.get(0).close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
	}

	@Test
	void isCompleteAgainOnManyTopicsSoonAfterRedisWasRestartedEmpty() {
		List<Topic> topics = IntStream.range(0, 500).mapToObj((i) -> Topic.of("many." + i)).toList();
		try (Fleet other = new Fleet(this.redis, RARE)) {
			RedisPresence node = other.start();
			all(topics.stream().map((topic) -> node.enter(topic, "ann", "c")));
			this.redis.stop();
			this.redis.restart();
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(topics)
					.allSatisfy((topic) -> assertThat(join(node.count(topic))).isEqualTo(1)));
		}
	}

	@Test
	void writesSoonWhatGotNoAnswerInTime() {
		Topic quiet = Topic.of("quiet." + UUID.randomUUID());
		try (Fleet other = new Fleet(this.redis, RARE)) {
			RedisPresence node = other.start();
			join(node.enter(quiet, "early", "e1"));
			join(node.leave(quiet, "early", "e1"));
			await().untilAsserted(() -> assertThat(this.fleet.events().of(quiet, "early")).isEqualTo("+-"));
			this.fleet.redis().clientPause(Fleet.TIMEOUT.toMillis() + 500);
			join(node.enter(quiet, "late", "l1"));
			await().untilAsserted(() -> assertThat(this.fleet.events().of(quiet, "late")).isEqualTo("+"));
		}
	}

	@Test
	void closesInTimeWhileRedisStandsStill() {
		this.fleet.redis().clientPause(7_000);
		long start = System.nanoTime();
		CompletionStage<Void> entered = this.nodes.get(0).enter(this.topic, "late", "l1");
		assertThat(entered.toCompletableFuture()).isNotDone();
		this.nodes.get(0).close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	private String of(String user) {
		return this.fleet.events().of(this.topic, user);
	}

	private void letTheGracePass() {
		String witness = "witness " + UUID.randomUUID();
		join(this.nodes.get(2).enter(this.topic, witness, "w"));
		join(this.nodes.get(2).leave(this.topic, witness, "w"));
		await().untilAsserted(() -> assertThat(this.fleet.events().of(this.topic, witness)).isEqualTo("+-"));
	}

	private List<Presence.Member> members() {
		return join(this.nodes.get(0).members(this.topic, 10_000));
	}

	private RedisPresence node(String user) {
		return this.nodes.get(Math.floorMod(user.hashCode(), 3));
	}

	private static Stream<String> users() {
		return IntStream.range(0, USERS).mapToObj((i) -> "user " + i);
	}

	private static void all(Stream<CompletionStage<Void>> stages) {
		join(CompletableFuture
			.allOf(stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new)));
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
