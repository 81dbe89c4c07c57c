package dev.realtime.occupancy.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import dev.realtime.Topic;
import dev.realtime.occupancy.OccupancyCall;
import dev.realtime.occupancy.OccupancyChange;
import dev.realtime.occupancy.OccupancyReply;
import dev.realtime.occupancy.redis.OccupancyFleet.Node;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/** Which node publishes which change, over a real Redis. */
class RedisOccupancyIT {

	private static final Duration LEASE = OccupancyFleet.OPTIONS.lease();

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet links = new RedisFleet(this.redis.uri());

	private final OccupancyFleet fleet = new OccupancyFleet(this.links, RedisFleet.KEYS);

	@AfterEach
	void close() {
		this.fleet.close();
		this.links.close();
		this.redis.close();
	}

	@Test
	void theFirstSubscriberOfTheFleetOccupiesAndTheLastOneVacates() {
		Node one = this.fleet.start();
		Node two = this.fleet.start();
		one.set("room", true);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+"));
		two.set("room", true);
		stored(two);
		one.set("room", false);
		stored(one);
		quiet();
		assertThat(this.fleet.of("room")).isEqualTo("+");
		two.set("room", false);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+-"));
		one.set("room", true);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+-+"));
	}

	@Test
	void rule6_theTopicsOfANodeThatDiesAreVacatedOnceUnlessOthersHaveThem() {
		List<Node> others = List.of(this.fleet.start(), this.fleet.start(), this.fleet.start());
		Node dying = this.fleet.start();
		others.get(0).set("shared", true);
		for (int i = 0; i < 700; i++) {
			dying.set("room." + i, true);
		}
		dying.set("shared", true);
		// At once, before it has told which it has published.
		await().pollInterval(Duration.ofMillis(5)).until(() -> this.fleet.published().size() == 701);
		stored(dying);
		dying.die();
		Await.until(() -> assertThat(this.fleet.published()).hasSize(1_401));
		quiet();
		assertThat(this.fleet.published()).hasSize(1_401);
		for (int i = 0; i < 700; i++) {
			assertThat(this.fleet.of("room." + i)).isEqualTo("+-");
		}
		assertThat(this.fleet.of("shared")).isEqualTo("+");
	}

	@Test
	void theTopicsOfANodeThatEndsAreVacatedAfterTheGrace() {
		Node other = this.fleet.start();
		Node ending = this.fleet.start();
		ending.set("gone", true);
		ending.set("moved", true);
		Await.until(() -> assertThat(this.fleet.published()).hasSize(2));
		await().during(LEASE.plusMillis(300)).until(() -> this.fleet.published().size() == 2);
		other.set("moved", true);
		stored(other);
		ending.close();
		Await.until(() -> assertThat(this.fleet.of("gone")).isEqualTo("+-"));
		quiet();
		assertThat(this.fleet.of("moved")).isEqualTo("+");
	}

	@Test
	void aChangeWhoseNodeDiesIsPublishedByAnother() {
		Node silent = this.fleet.start(false);
		silent.set("room", true);
		Await.until(() -> assertThat(silent.kept).hasSize(1));
		Node other = this.fleet.start();
		other.set("room", true);
		stored(other);
		quiet();
		assertThat(this.fleet.of("room")).as("the node that has the change lives").isEmpty();
		silent.die();
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+"));
		other.set("room", false);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+-"));
	}

	@Test
	void aTopicWhoseNodeDiedBeforeItConfirmedItIsPublishedAsVacated() {
		Node silent = this.fleet.start(false);
		silent.set("room", true);
		Await.until(() -> assertThat(silent.kept).hasSize(1));
		Node other = this.fleet.start();
		silent.die();
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("-"));
		other.set("room", true);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("-+"));
	}

	@Test
	void aChangeStaysWithItsNodeUntilTheNodeMayBeTakenForDeadAndItsTopicsAreTakenAway() {
		try (RedisOccupancyStore store = new RedisOccupancyStore(this.links.link(), RedisFleet.KEYS)) {
			int partition = store.partition(Topic.of("room"));
			String epoch = called(store, partition, call("one", "", false, List.of(), List.of())).epoch();
			OccupancyReply first = called(store, partition, call("one", epoch, false, List.of(),
					List.of(new OccupancyCall.Own(Topic.of("room"), true, false))));
			assertThat(first.changes()).extracting(OccupancyChange::occupied).containsExactly(true);
			RedisCommands<byte[], byte[]> commands = this.links.commands();
			byte[] nodes = RedisFleet.KEYS.of("o.nodes", partition);
			double end = commands.zscore(nodes, bytes("one"));
			await()
				.until(() -> Long.parseLong(new String(commands.time().get(0), StandardCharsets.UTF_8)) * 1_000 > end);
			OccupancyReply quiet = called(store, partition, call("two", epoch, false, List.of(), List.of()));
			assertThat(quiet.changes()).as("no node may be taken for dead").isEmpty();
			assertThat(quiet.more()).as("worth another call at once").isFalse();
			OccupancyReply looked = called(store, partition, call("two", epoch, true, List.of(), List.of()));
			assertThat(looked.changes()).as("the topics of the dead node count").isEmpty();
			assertThat(looked.dead()).containsExactly("one");
			assertThat(called(store, partition, call("two", epoch, true, looked.dead(), List.of())).changes())
				.extracting(OccupancyChange::occupied)
				.containsExactly(false);
		}
	}

	private static OccupancyCall call(String name, String epoch, boolean looks, List<String> dead,
			List<OccupancyCall.Own> own) {
		return new OccupancyCall(name, epoch, Duration.ofMillis(100), 10, looks, dead, Map.of(), List.of(), own);
	}

	private static OccupancyReply called(RedisOccupancyStore store, int partition, OccupancyCall call) {
		return store.call(partition, call).toCompletableFuture().join();
	}

	@Test
	void aSlowListenerKeepsItsChangesAndTheNextOneOfTheTopicWaits() {
		Node slow = this.fleet.start(false);
		Node other = this.fleet.start();
		slow.set("room", true);
		Await.until(() -> assertThat(slow.kept).hasSize(1));
		slow.set("room", false);
		stored(slow);
		other.set("else", true);
		quiet();
		quiet();
		assertThat(this.fleet.published()).containsExactly("+else");
		slow.publish(slow.kept.remove());
		Await.until(() -> assertThat(slow.kept).hasSize(1));
		slow.publish(slow.kept.remove());
		assertThat(this.fleet.of("room")).isEqualTo("+-");
	}

	@Test
	void theTimeIsThatOfRedis() {
		Node silent = this.fleet.start(false);
		silent.set("room", true);
		Await.until(() -> assertThat(silent.kept).hasSize(1));
		assertThat(silent.kept.remove().time()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
	}

	@Test
	void rule7_aRedisThatForgotIsToldAgainAndNothingIsPublishedTwice() {
		Node one = this.fleet.start();
		Node two = this.fleet.start();
		one.set("kept", true);
		two.set("kept", true);
		one.set("left", true);
		Await.until(() -> assertThat(this.fleet.published()).hasSize(2));
		stored(one);
		stored(two);
		this.redis.stop();
		one.set("left", false);
		two.set("new", true);
		this.redis.restart();
		Await.until(() -> {
			assertThat(this.fleet.of("left")).isEqualTo("+-");
			assertThat(this.fleet.of("new")).isEqualTo("+");
		});
		quiet();
		quiet();
		assertThat(this.fleet.of("kept")).isEqualTo("+");
		one.set("kept", false);
		two.set("kept", false);
		Await.until(() -> assertThat(this.fleet.of("kept")).isEqualTo("+-"));
	}

	@Test
	void rule7_aTopicThatIsOccupiedElsewhereIsNotVacatedByTheFirstNodeThatTellsARedisThatForgot() {
		Node one = this.fleet.start();
		Node two = this.fleet.start();
		one.set("both", true);
		two.set("both", true);
		Await.until(() -> assertThat(this.fleet.published()).hasSize(1));
		stored(one);
		stored(two);
		this.redis.stop();
		one.set("both", false);
		this.redis.restart();
		stored(one);
		await().during(LEASE.multipliedBy(3)).until(() -> this.fleet.of("both").equals("+"));
		two.set("both", false);
		Await.until(() -> assertThat(this.fleet.of("both")).isEqualTo("+-"));
	}

	@Test
	void rule7_aRedisThatStandsStillForLongerThanALeaseVacatesNothing() {
		Node one = this.fleet.start();
		Node two = this.fleet.start();
		one.set("one", true);
		two.set("two", true);
		Await.until(() -> assertThat(this.fleet.published()).hasSize(2));
		quiet();
		assertThat(this.redis.say("CLIENT PAUSE " + 3 * LEASE.toMillis() + " ALL")).contains("+OK");
		await().during(LEASE.multipliedBy(5)).until(() -> this.fleet.published().size() == 2);
		two.die();
		Await.until(() -> assertThat(this.fleet.of("two")).isEqualTo("+-"));
		assertThat(this.fleet.of("one")).isEqualTo("+");
	}

	@RepeatedTest(3)
	void theChangesOfATopicAlternateOverTheFleetAndEndWithItsState() {
		List<Node> nodes = List.of(this.fleet.start(), this.fleet.start(), this.fleet.start());
		Map<String, Set<Integer>> state = new HashMap<>();
		Random random = new Random(11);
		for (int i = 0; i < 3_000; i++) {
			String topic = "room." + random.nextInt(20);
			int number = random.nextInt(nodes.size());
			Set<Integer> on = state.computeIfAbsent(topic, (name) -> new HashSet<>());
			boolean occupied = !on.remove(number) && on.add(number);
			nodes.get(number).set(topic, occupied);
			if (random.nextInt(30) == 0) {
				int published = this.fleet.published().size();
				stored(nodes.get(number));
				assertThat(this.fleet.published()).hasSizeGreaterThanOrEqualTo(published);
			}
		}
		nodes.forEach(RedisOccupancyIT::stored);
		Await.until(() -> state
			.forEach((topic, on) -> assertThat(this.fleet.of(topic).endsWith("+")).as(topic).isEqualTo(!on.isEmpty())));
		quiet();
		for (String topic : state.keySet()) {
			assertThat(this.fleet.of(topic)).as(topic).matches("(\\+-)*\\+?");
		}
		assertThat(this.fleet.published()).hasSizeGreaterThan(40);
	}

	@Test
	void keysEndADayAfterTheLastCallAndNothingIsLeftOfTopicsWithoutSubscribers() {
		Node one = this.fleet.start();
		one.set("room", true);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+"));
		RedisCommands<byte[], byte[]> commands = this.links.commands();
		assertThat(commands.keys(bytes("rt:{*}:o.*"))).isNotEmpty()
			.allSatisfy((key) -> assertThat(commands.pttl(key)).isBetween(Duration.ofHours(23).toMillis(),
					Duration.ofHours(48).toMillis()));
		one.set("room", false);
		Await.until(() -> assertThat(this.fleet.of("room")).isEqualTo("+-"));
		Await.until(() -> assertThat(commands.keys(bytes("rt:{*}:o.*")))
			.allMatch((key) -> new String(key, StandardCharsets.UTF_8).endsWith(":o.epoch")));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void stored(Node node) {
		await().pollInterval(Duration.ofMillis(5)).until(() -> node.waiting() == 0);
	}

	/** Lets a lease and a look of all nodes pass. */
	private static void quiet() {
		await().pollDelay(LEASE.plus(OccupancyFleet.OPTIONS.refresh().multipliedBy(2))).until(() -> true);
	}

}
