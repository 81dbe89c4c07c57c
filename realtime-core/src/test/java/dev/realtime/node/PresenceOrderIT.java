package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.broker.redis.RedisBrokerOptions;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceLimits;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.presence.redis.StoredEvents;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Rule 6: the stored events of a topic have the order of its joins and leaves. */
class PresenceOrderIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final RedisServer redis = RedisServer.start();

	private final TcpProxy proxy = new TcpProxy(redis.port());

	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	private final Topic topic = Messages.topic();

	private final RedisKeys keys = new RedisKeys("order." + this.topic);

	private final RedisLink link = opened(
			RedisLink.connect(client(redis.uri()), TIMEOUT, new Loops(), "realtime-redis-test"));

	private final StoredEvents events = new StoredEvents(this.link, this.keys);

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@AfterEach
	void close() throws Exception {
		while (!this.opened.isEmpty()) {
			this.opened.pop().close();
		}
		this.proxy.close();
	}

	@Test
	void rule6_aSlowNodeDoesNotPublishALeaveAfterTheJoinThatFollowedIt() {
		PresenceOptions options = options(Duration.ZERO, 1_000);
		Presence slow = node("slow", this.proxy.uri(), options).presence();
		Presence quick = node("quick", redis.uri(), options).presence();
		List<String> users = IntStream.range(0, 30).mapToObj((i) -> "user " + i).toList();
		users.forEach((user) -> Await.result(slow.enter(this.topic, user, "c")));
		this.proxy.delayAnswers(Duration.ofMillis(100));
		for (String user : users) {
			slow.leave(this.topic, user, "c");
			// The slow node has taken the user out, and does not know it yet.
			await().pollInterval(Duration.ofMillis(1)).until(() -> isAbsent(quick, user));
			Await.result(quick.enter(this.topic, user, "c"));
		}
		await().during(Duration.ofMillis(500))
			.untilAsserted(() -> assertThat(users)
				.allSatisfy((user) -> assertThat(this.events.of(this.topic, user)).isEqualTo("+-+")));
	}

	@ParameterizedTest
	@CsvSource({ "1, 1000", "2, 1000", "3, 15", "4, 0" })
	void rule6_replayingTheEventsGivesTheMembersThoughANodeIsSlowAndAnotherDies(long seed, int maxDiffs) {
		PresenceOptions options = options(Duration.ofMillis(10), maxDiffs);
		List<RedisClient> dyingClients = new ArrayList<>();
		List<Presence> nodes = new ArrayList<>(List.of(node("one", redis.uri(), options).presence(),
				node("slow", this.proxy.uri(), options).presence(),
				node("dying", redis.uri(), options, dyingClients).presence()));
		this.proxy.delayAnswers(Duration.ofMillis(20));
		Random random = new Random(seed);
		Map<String, Set<Presence>> present = new TreeMap<>();
		for (int i = 0; i < 1_000; i++) {
			if (i == 700) {
				Presence dead = nodes.remove(2);
				dyingClients.forEach((client) -> client.shutdown(Duration.ZERO, Duration.ZERO));
				present.values().forEach((held) -> held.remove(dead));
			}
			toggle(nodes.get(random.nextInt(nodes.size())), "user " + random.nextInt(30), present);
			LockSupport.parkNanos(random.nextInt(3_000_000));
		}
		present.values().removeIf(Set::isEmpty);
		Set<String> members = present.keySet();
		await().untilAsserted(() -> assertThat(members(nodes.get(0))).isEqualTo(members));
		await().untilAsserted(() -> assertReplayed(members, maxDiffs));
		await().during(options.lease()).untilAsserted(() -> assertReplayed(members, maxDiffs));
	}

	private void toggle(Presence node, String user, Map<String, Set<Presence>> present) {
		Set<Presence> held = present.computeIfAbsent(user, (key) -> new HashSet<>());
		if (held.remove(node)) {
			node.leave(this.topic, user, "c");
		}
		else {
			node.enter(this.topic, user, "c");
			held.add(node);
		}
	}

	/**
	 * The events after the last number give the number of members; without a number, they
	 * give the members, and each user joins and leaves by turns.
	 */
	private void assertReplayed(Set<String> members, int maxDiffs) {
		List<String> stored = this.events.on(this.topic);
		Set<String> replayed = new TreeSet<>();
		long count = 0;
		boolean named = true;
		for (String event : stored) {
			switch (event.charAt(0)) {
				case '+' -> {
					assertThat(replayed.add(event.substring(1)) || !named).as("%s in %s", event, stored).isTrue();
					count++;
				}
				case '-' -> {
					assertThat(replayed.remove(event.substring(1)) || !named).as("%s in %s", event, stored).isTrue();
					count--;
				}
				default -> {
					named = false;
					count = Long.parseLong(event.substring(event.indexOf(' ') + 1));
					assertThat(event.startsWith("count")).isEqualTo(count > maxDiffs);
				}
			}
		}
		assertThat(count).as("members by %s", stored).isEqualTo(members.size());
		if (named) {
			assertThat(replayed).isEqualTo(members);
		}
	}

	private Set<String> members(Presence node) {
		return Await.result(node.members(this.topic, 1_000))
			.stream()
			.map(Presence.Member::user)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private boolean isAbsent(Presence node, String user) {
		return Await.result(node.present(this.topic, List.of(user))).isEmpty();
	}

	private RealtimeNode node(String id, String uri, PresenceOptions options) {
		return node(id, uri, options, new ArrayList<>());
	}

	private RealtimeNode node(String id, String uri, PresenceOptions options, List<RedisClient> clients) {
		TopicPolicies policies = TopicPolicies.all(TopicPolicy.DEFAULT);
		RedisClient client = client(uri);
		clients.add(client);
		Presence presence = new RedisPresence(client, this.keys, id, options, policies, TIMEOUT, Duration.ofDays(30),
				new Loops());
		RedisBroker broker = new RedisBroker(client, this.keys, RedisBrokerOptions.DEFAULT, new Loops());
		RealtimeNode node = opened(RealtimeNode.builder(id, broker, presence).policies(policies).build());
		node.start();
		return node;
	}

	private RedisClient client(String uri) {
		RedisClient client = RedisClient.create(uri);
		this.opened.push(() -> client.shutdown(Duration.ZERO, Duration.ZERO));
		return client;
	}

	private <T extends AutoCloseable> T opened(T resource) {
		this.opened.push(resource);
		return resource;
	}

	private static PresenceOptions options(Duration grace, int maxDiffs) {
		return new PresenceOptions(grace, Duration.ofMillis(300), Duration.ofSeconds(1),
				new PresenceLimits(maxDiffs, Duration.ofMillis(200)));
	}

}
