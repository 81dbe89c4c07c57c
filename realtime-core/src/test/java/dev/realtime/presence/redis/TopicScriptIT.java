package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The scripts alone, call by call. */
class TopicScriptIT {

	private static final int ROOM = 100;

	private static final RedisServer redis = RedisServer.start();

	private static final RedisClient client = RedisClient.create(redis.uri());

	private static final RedisLink link = RedisLink.connect(client, Duration.ofSeconds(5));

	private final Topic topic = Topic.of("script." + UUID.randomUUID());

	private final RedisKeys keys = new RedisKeys(UUID.randomUUID().toString());

	private final PresenceStore a = store("a", Duration.ZERO);

	private final PresenceStore b = store("b", Duration.ZERO);

	@AfterAll
	static void stopRedis() {
		link.close();
		client.shutdown(Duration.ZERO, Duration.ZERO);
		redis.close();
	}

	@Test
	void repeatsTheEventsOfACallWhoseReplyWasLost() {
		assertThat(apply(this.a, 7, "ann", 1).events()).containsExactly("+1 ann");
		assertThat(apply(this.a, 7, "ann", 1).events()).containsExactly("+1 ann");
		assertThat(apply(this.a, 7, "bob", 1).events()).containsExactly("+1 ann", "+2 bob");
		assertThat(apply(this.b, 7, "ann", 1).events()).isEmpty();
		assertThat(apply(this.a, 8, "ann", 1).events()).isEmpty();
	}

	@Test
	void setsCountsRatherThanAddingThem() {
		apply(this.a, 1, "ann", 2);
		apply(this.a, 2, "ann", 2);
		apply(this.b, 1, "ann", 3);
		assertThat(join(this.a.members(this.topic, 10)).get(0).connections()).isEqualTo(5);
		apply(this.a, 3, "ann", 0);
		apply(this.a, 4, "ann", 0);
		assertThat(join(this.a.members(this.topic, 10)).get(0).connections()).isEqualTo(3);
		assertThat(apply(this.b, 2, "ann", 0).events()).containsExactly("-0 ann");
	}

	@Test
	void givesEachLeaveOfADeadNodeToOneOfManySweepers() {
		PresenceStore dead = store("dead", Duration.ZERO);
		IntStream.range(0, 50).forEach((i) -> apply(dead, i + 1, "user " + i, 1));
		List<PresenceStore> sweepers = IntStream.range(0, 8).mapToObj((i) -> store("s" + i, Duration.ZERO)).toList();
		List<String> told = new CopyOnWriteArrayList<>();
		await().until(() -> {
			List<CompletionStage<TopicReply>> racing = sweepers.stream()
				.map((sweeper) -> sweeper.apply(this.topic, new TopicCall(told.size() + 1, false, "", List.of()), 10))
				.toList();
			racing.forEach((reply) -> told.addAll(join(reply).events()));
			return join(this.a.count(this.topic)) == 0;
		});
		assertThat(told).hasSize(50).doesNotHaveDuplicates();
	}

	@Test
	void lastsAsLongAsOneNodeRenewsEvenIfNobodyMayFindLeaves() {
		PresenceStore dead = store("dead", Duration.ZERO);
		apply(dead, 1, "ghost", 1);
		apply(this.a, 1, "ann", 1);
		// Far beyond the expiry of what the dead node wrote.
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_500);
		await().until(() -> {
			assertThat(join(this.a.apply(this.topic, new TopicCall(2, true, "", List.of()), 0)).events()).isEmpty();
			return System.nanoTime() > end;
		});
		assertThat(join(this.a.apply(this.topic, new TopicCall(3, true, "", List.of()), ROOM)).events())
			.containsExactly("-1 ghost");
		assertThat(join(this.a.count(this.topic))).isEqualTo(1);
	}

	@Test
	void renewsALeaseThatIsOverIfNobodyFoundItYet() {
		apply(this.a, 1, "ann", 1);
		await().pollDelay(Duration.ofMillis(1_050)).until(() -> true);
		TopicReply late = join(this.a.apply(this.topic, new TopicCall(2, true, "", List.of()), ROOM));
		assertThat(late.events()).isEmpty();
		assertThat(late.held()).isEqualTo(1);
	}

	@Test
	void entersSilentlyWhoWasConfirmedByAnotherLifeOfRedis() {
		LocalUser ann = new LocalUser("ann");
		LocalUser bob = new LocalUser("bob");
		TopicCall call = new TopicCall(1, false, "",
				List.of(new TopicCall.Change(ann, 1, "earlier"), new TopicCall.Change(bob, 0, "earlier")));
		assertThat(join(this.a.apply(this.topic, call, ROOM)).events()).containsExactly("-1 bob");
		assertThat(join(this.b.members(this.topic, 10))).extracting("user").containsExactly("ann");
	}

	@Test
	void lowersTheAgendaButRaisesItOnlyWithTheClaim() {
		note(5_000, "");
		note(3_000, "");
		note(4_000, "");
		PresenceStore.Claim claim = join(this.a.claim(10));
		assertThat(claim.topics()).containsExactly(this.topic);
		assertThat(join(this.b.claim(10)).topics()).isEmpty();
		note(6_000, claim.token());
		assertThat(join(this.b.claim(10)).topics()).containsExactly(this.topic);
	}

	@Test
	void keepsAnEntryOfTheAgendaThatWasNotedDuringTheClaim() {
		note(3_000, "");
		PresenceStore.Claim claim = join(this.a.claim(10));
		note(Long.MAX_VALUE / 1_000_000, "");
		note(0, claim.token());
		await().untilAsserted(() -> assertThat(join(this.b.claim(10)).topics()).containsExactly(this.topic));
	}

	@Test
	void forgetsAnEntryOfTheAgendaWithTheClaim() {
		note(3_000, "");
		note(0, join(this.a.claim(10)).token());
		Long exists = join(link.run("EXISTS", (redis) -> redis.exists(this.keys.global("presence"))));
		assertThat(exists).isZero();
	}

	@Test
	void findsAClaimedTopicAgainWhenTheClaimerDies() {
		note(3_000, "");
		assertThat(join(this.a.claim(10)).topics()).containsExactly(this.topic);
		await().untilAsserted(() -> assertThat(join(this.b.claim(10)).topics()).containsExactly(this.topic));
	}

	private void note(long due, String claim) {
		join(this.a.note(this.topic, due, claim));
	}

	private TopicReply apply(PresenceStore store, long number, String user, int count) {
		TopicCall.Change change = new TopicCall.Change(new LocalUser(user), count, "");
		return join(store.apply(this.topic, new TopicCall(number, false, "", List.of(change)), ROOM));
	}

	private PresenceStore store(String node, Duration grace) {
		return new PresenceStore(link, this.keys, node,
				new PresenceOptions(grace, Duration.ofMillis(400), Duration.ofSeconds(1)));
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
