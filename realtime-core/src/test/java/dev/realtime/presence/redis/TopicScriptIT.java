package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.log.redis.RedisTopicLog;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.presence.PresenceEvent;
import dev.realtime.presence.PresenceLimits;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The scripts alone, call by call. */
class TopicScriptIT {

	private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");

	private static final int ROOM = 100;

	private static final RedisServer redis = RedisServer.start();

	private static final RedisClient client = RedisClient.create(redis.uri());

	private static final RedisLink link = RedisLink.connect(client, Duration.ofSeconds(5), new Loops(),
			"realtime-redis-test");

	private final Topic topic = Topic.of("script." + UUID.randomUUID());

	private final RedisKeys keys = new RedisKeys(UUID.randomUUID().toString());

	private final StoredEvents events = new StoredEvents(link, this.keys);

	private final PresenceStore a = store("a", Duration.ZERO);

	private final PresenceStore b = store("b", Duration.ZERO);

	@AfterAll
	static void stopRedis() {
		link.close();
		client.shutdown(Duration.ZERO, Duration.ZERO);
		redis.close();
	}

	@Test
	void publishesTheEventsOfACallThatIsMadeAgainOnce() {
		apply(this.a, "ann", 1);
		apply(this.a, "ann", 1);
		apply(this.b, "ann", 1);
		apply(this.a, "bob", 1);
		assertThat(this.events.on(this.topic)).containsExactly("+ann", "+bob");
	}

	@Test
	void publishesTheMessagesThatAListenerWould() {
		List<String> users = List.of("ann", "\u0000\n\u001f\u007f", "\"\\/'<>&", "\u2027\u2028\u2029\u202a",
				"\u00e2\u20ac", "\ud83d\ude00\u00fc\u4e2d", "%d%z[]");
		users.forEach((user) -> apply(this.a, user, 1));
		users.forEach((user) -> apply(this.a, user, 0));
		Topic events = PresenceTopics.of(this.topic);
		RedisTopicLog log = new RedisTopicLog(new Numbering(link, this.keys, Duration.ofDays(1)));
		List<TopicMessage> messages = Messages.found(join(log.readBefore(events, null, 100))).messages();
		List<Content> expected = Stream
			.concat(users.stream().map(PresenceEvent.Join::new), users.stream().map(PresenceEvent.Leave::new))
			.map(PresenceEvent::content)
			.toList();
		assertThat(messages).extracting((message) -> unescaped(message.content()))
			.containsExactlyInAnyOrderElementsOf(expected.stream().map(TopicScriptIT::unescaped).toList());
		assertThat(messages).allSatisfy((message) -> assertThat(message.content().text())
			.doesNotContainPattern("[\\x00-\\x1f<\\u2028\\u2029]"));
		assertThat(messages).allSatisfy((message) -> {
			assertThat(message.content().contentType()).isEqualTo(Content.JSON);
			assertThat(message.content().type()).isIn("join", "leave");
			assertThat(message.content().headers()).isEmpty();
			assertThat(message.id()).isNull();
			assertThat(message.expiresAt()).isZero();
		});
	}

	/** What JSON says: the script escapes less than others do. */
	private static String unescaped(Content json) {
		return ESCAPED.matcher(json.text())
			.replaceAll((found) -> Character.toString((char) Integer.parseInt(found.group(1), 16)));
	}

	@Test
	void keepsTheMembersAndPublishesTheirNumberLaterWhenAnEventCannotBeStored() {
		PresenceStore crowded = store("c", Duration.ZERO, new PresenceLimits(100, Duration.ofMillis(1)));
		byte[] log = this.keys.log(PresenceTopics.of(this.topic));
		apply(crowded, "ann", 1);
		join(link.run("DEL", (redis) -> redis.del(log)));
		join(link.run("SET", (redis) -> redis.set(log, RedisLink.arg("no stream"))));
		assertThat(apply(crowded, "bob", 1).failure()).contains("WRONGTYPE");
		assertThat(join(this.a.count(this.topic))).isEqualTo(2);
		join(link.run("DEL", (redis) -> redis.del(log)));
		await().untilAsserted(() -> {
			assertThat(join(crowded.apply(this.topic, new TopicCall(List.of()), ROOM)).failure()).isEmpty();
			assertThat(this.events.on(this.topic)).contains("reset 2");
		});
	}

	@Test
	void changesNothingWhileRedisIsOutOfMemory() {
		apply(this.a, "ann", 1);
		apply(this.b, "bob", 1);
		join(link.run("CONFIG", (redis) -> redis.configSet("maxmemory", "1")));
		try {
			assertThatThrownBy(() -> apply(this.a, "ann", 0)).hasMessageContaining("Redis has no memory left");
			assertThatThrownBy(() -> apply(this.b, "cid", 1)).hasMessageContaining("Redis has no memory left");
		}
		finally {
			join(link.run("CONFIG", (redis) -> redis.configSet("maxmemory", "0")));
		}
		apply(this.a, "ann", 0);
		assertThat(this.events.on(this.topic)).containsExactly("+ann", "+bob", "-ann");
		assertThat(join(this.a.members(this.topic, 10))).extracting("user").containsExactly("bob");
	}

	@Test
	void usesTheDefaultPolicyWhenTheApplicationsOneThrows() {
		PresenceStore store = new PresenceStore(link, this.keys, numbering(), (topic) -> {
			throw new NoClassDefFoundError("simulated");
		}, "a", options(Duration.ZERO, PresenceLimits.DEFAULT), new EventAnnouncer(null, Environment.system()));
		apply(store, "ann", 1);
		assertThat(this.events.on(this.topic)).containsExactly("+ann");
	}

	@Test
	void publishesEventsOfTheTopicWithTheLongestName() {
		Topic longest = Topic.of("é".repeat(127) + 'x');
		TopicCall call = new TopicCall(List.of(new TopicCall.Change(new LocalUser("ann"), 1, "")));
		assertThat(join(this.a.apply(longest, call, ROOM)).failure()).isEmpty();
		assertThat(join(this.a.count(longest))).isEqualTo(1);
		assertThat(this.events.on(longest)).containsExactly("+ann");
	}

	@Test
	void eventsThatAnotherRelayAnnouncesAreStoredAndGivenToItInOrder() {
		List<TopicMessage> announced = Collections.synchronizedList(new ArrayList<>());
		PresenceStore elsewhere = store("c", Duration.ZERO, PresenceLimits.DEFAULT, new EventAnnouncer((message) -> {
			announced.add(message);
			return CompletableFuture.completedStage(null);
		}, Environment.system()));
		apply(store("dead", Duration.ZERO), "ghost", 1);
		long before = published();

		apply(elsewhere, "ann", 1);
		apply(elsewhere, "ann", 0);
		await().untilAsserted(() -> {
			join(elsewhere.apply(this.topic, new TopicCall(List.of()), ROOM));
			assertThat(this.events.on(this.topic)).containsExactly("+ghost", "+ann", "-ann", "-ghost");
		});

		Topic events = PresenceTopics.of(this.topic);
		RedisTopicLog log = new RedisTopicLog(numbering());
		List<TopicMessage> stored = Messages.found(join(log.readBefore(events, null, 100))).messages();
		assertThat(announced).extracting(TopicScriptIT::seen)
			.isEqualTo(stored.stream().skip(1).map(TopicScriptIT::seen).toList());
		assertThat(published()).isEqualTo(before);
	}

	private static String seen(TopicMessage message) {
		return message.topic() + " " + message.position() + " " + message.timestamp() + " " + message.content().text();
	}

	private static long published() {
		return join(link.run("INFO", (redis) -> redis.info("commandstats"))).lines()
			.filter((line) -> line.startsWith("cmdstat_publish:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("cmdstat_publish:calls=(\\d+),.*", "$1")))
			.sum();
	}

	@Test
	void setsCountsRatherThanAddingThem() {
		apply(this.a, "ann", 2);
		apply(this.a, "ann", 2);
		apply(this.b, "ann", 3);
		assertThat(join(this.a.members(this.topic, 10)).get(0).connections()).isEqualTo(5);
		apply(this.a, "ann", 0);
		apply(this.a, "ann", 0);
		assertThat(join(this.a.members(this.topic, 10)).get(0).connections()).isEqualTo(3);
		apply(this.b, "ann", 0);
		assertThat(this.events.on(this.topic)).containsExactly("+ann", "-ann");
	}

	@Test
	void publishesEachLeaveOfADeadNodeOnceThoughThereAreManySweepers() {
		PresenceStore dead = store("dead", Duration.ZERO);
		IntStream.range(0, 50).forEach((i) -> apply(dead, "user " + i, 1));
		List<PresenceStore> sweepers = IntStream.range(0, 8).mapToObj((i) -> store("s" + i, Duration.ZERO)).toList();
		await().until(() -> {
			sweepers.stream()
				.map((sweeper) -> sweeper.apply(this.topic, new TopicCall(List.of()), 10))
				.toList()
				.forEach(TopicScriptIT::join);
			return join(this.a.count(this.topic)) == 0;
		});
		assertThat(this.events.on(this.topic)).filteredOn((event) -> event.startsWith("-"))
			.hasSize(50)
			.doesNotHaveDuplicates();
	}

	@Test
	void lastsAsLongAsOneNodeRenewsEvenIfNobodyMayFindLeaves() {
		PresenceStore dead = store("dead", Duration.ZERO);
		apply(dead, "ghost", 1);
		apply(this.a, "ann", 1);
		// Far beyond the expiry of what the dead node wrote.
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2_500);
		await().until(() -> {
			join(this.a.apply(this.topic, new TopicCall(List.of()), 0));
			assertThat(this.events.on(this.topic)).containsExactly("+ghost", "+ann");
			return System.nanoTime() > end;
		});
		join(this.a.apply(this.topic, new TopicCall(List.of()), ROOM));
		assertThat(this.events.on(this.topic)).containsExactly("+ghost", "+ann", "-ghost");
		assertThat(join(this.a.count(this.topic))).isEqualTo(1);
	}

	@Test
	void renewsALeaseThatIsOverIfNobodyFoundItYet() {
		apply(this.a, "ann", 1);
		assertThat(this.events.on(this.topic)).containsExactly("+ann");
		await().pollDelay(Duration.ofMillis(1_050)).until(() -> true);
		TopicReply late = join(this.a.apply(this.topic, new TopicCall(List.of()), ROOM));
		assertThat(this.events.on(this.topic)).containsExactly("+ann");
		assertThat(late.held()).isEqualTo(1);
	}

	@Test
	void entersSilentlyWhoWasConfirmedByAnotherLifeOfRedis() {
		LocalUser ann = new LocalUser("ann");
		LocalUser bob = new LocalUser("bob");
		TopicCall call = new TopicCall(
				List.of(new TopicCall.Change(ann, 1, "earlier"), new TopicCall.Change(bob, 0, "earlier")));
		join(this.a.apply(this.topic, call, ROOM));
		assertThat(this.events.on(this.topic)).containsExactly("-bob");
		assertThat(join(this.b.members(this.topic, 10))).extracting("user").containsExactly("ann");
	}

	@Test
	void rule6_aNodeThatDiesAfterItsFirstCallIsOnTheAgenda() {
		apply(store("dead", Duration.ZERO), "ann", 1);
		assertThat(this.events.on(this.topic)).containsExactly("+ann");
		await().untilAsserted(() -> assertThat(join(this.b.claim(this.keys.partitions().of(this.topic), 10)).topics())
			.containsExactly(this.topic));
		join(this.b.apply(this.topic, new TopicCall(List.of()), ROOM));
		assertThat(this.events.on(this.topic)).containsExactly("+ann", "-ann");
	}

	@Test
	void isOnTheAgendaAsLongAsSomethingIsDue() {
		PresenceStore patient = store("patient", Duration.ofMillis(100));
		apply(patient, "ann", 1);
		double leased = due();
		apply(patient, "ann", 0);
		assertThat(due()).isLessThan(leased);
		await().untilAsserted(() -> assertThat(join(this.b.claim(this.keys.partitions().of(this.topic), 10)).topics())
			.containsExactly(this.topic));
		assertThat(join(this.b.claim(this.keys.partitions().of(this.topic), 10)).topics()).isEmpty();
		join(this.b.apply(this.topic, new TopicCall(List.of()), ROOM));
		assertThat(this.events.on(this.topic)).containsExactly("+ann", "-ann");
		Long agendas = join(link.run("EXISTS",
				(redis) -> redis.exists(this.keys.of("agenda", this.keys.partitions().of(this.topic)))));
		assertThat(agendas).isZero();
	}

	@Test
	void findsAClaimedTopicAgainWhenTheClaimerDies() {
		apply(store("dead", Duration.ZERO), "ann", 1);
		await().untilAsserted(() -> assertThat(join(this.a.claim(this.keys.partitions().of(this.topic), 10)).topics())
			.containsExactly(this.topic));
		await().untilAsserted(() -> assertThat(join(this.b.claim(this.keys.partitions().of(this.topic), 10)).topics())
			.containsExactly(this.topic));
	}

	private double due() {
		byte[] topic = RedisLink.arg(this.topic.name());
		return join(link.run("ZSCORE",
				(redis) -> redis.zscore(this.keys.of("agenda", this.keys.partitions().of(this.topic)), topic)));
	}

	private TopicReply apply(PresenceStore store, String user, int count) {
		TopicCall.Change change = new TopicCall.Change(new LocalUser(user), count, "");
		return join(store.apply(this.topic, new TopicCall(List.of(change)), ROOM));
	}

	private PresenceStore store(String node, Duration grace) {
		return store(node, grace, PresenceLimits.DEFAULT);
	}

	private PresenceStore store(String node, Duration grace, PresenceLimits limits) {
		return store(node, grace, limits, new EventAnnouncer(null, Environment.system()));
	}

	private PresenceStore store(String node, Duration grace, PresenceLimits limits, EventAnnouncer announcer) {
		return new PresenceStore(link, this.keys, numbering(),
				TopicPolicies.all(TopicPolicy.builder().history(10_000, Duration.ofSeconds(2)).build()), node,
				options(grace, limits), announcer);
	}

	private Numbering numbering() {
		return new Numbering(link, this.keys, Duration.ofDays(1));
	}

	private static PresenceOptions options(Duration grace, PresenceLimits limits) {
		return new PresenceOptions(grace, Duration.ofMillis(400), Duration.ofSeconds(1), limits);
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
