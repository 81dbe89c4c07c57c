package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Spring's user registry with the users of all nodes. */
class FleetUsersIT {

	private static final String FLEET_WIDE = "realtime.user-registry.fleet-wide=true";

	/** What the documents promise: an interval and the way. */
	private static final Duration DELAY = Duration.ofSeconds(3);

	private static RedisServer redis;

	private static ConfigurableApplicationContext one;

	private static ConfigurableApplicationContext two;

	@BeforeAll
	static void start() {
		redis = RedisServer.startProcess();
		one = ChatNode.start(redis.port(), FLEET_WIDE);
		two = ChatNode.start(redis.port(), FLEET_WIDE);
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@Test
	void aUserOfAnotherNodeIsSeenWithSessionsAndSubscriptionsUntilTheyLeave() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(one), "ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			SimpSession here = session(one, "ann");
			await().atMost(DELAY).untilAsserted(() -> {
				SimpSession there = session(two, "ann");
				assertThat(there.getId()).isEqualTo(here.getId());
				assertThat(there).isEqualTo(here);
				assertThat(there.getUser().getName()).isEqualTo("ann");
				assertThat(there.getSubscriptions()).singleElement()
					.satisfies((subscription) -> assertThat(subscription.getId()).isEqualTo("sub-0"))
					.satisfies((subscription) -> assertThat(subscription.getDestination()).isEqualTo("/topic/room.1"))
					.satisfies((subscription) -> assertThat(subscription.getSession()).isEqualTo(here));
			});
			assertThat(users(two).getUser("ann")).isEqualTo(users(one).getUser("ann"));
			assertThat(two.getBean(MeterRegistry.class).get("realtime.user.registry.sessions").gauge().value())
				.isPositive();
			assertThat(subscriptions(two, "/topic/room.1")).isEqualTo(subscriptions(one, "/topic/room.1")).hasSize(1);
			ann.send("UNSUBSCRIBE", Map.of("id", "sub-0", "receipt", "gone"), "");
			ann.await("the receipt", (frame) -> "gone".equals(frame.get("receipt-id")));
			await().atMost(DELAY).untilAsserted(() -> assertThat(session(two, "ann").getSubscriptions()).isEmpty());
			assertThat(subscriptions(two, "/topic/room.1")).isEmpty();
		}
		await().atMost(DELAY).untilAsserted(() -> {
			assertThat(users(two).getUser("ann")).isNull();
			assertThat(users(two).getUsers()).extracting(SimpUser::getName).doesNotContain("ann");
		});
	}

	@Test
	void aUserOnTwoNodesIsOneUserWithTheSessionsOfBoth() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(one), "bob");
				StompTestClient there = StompTestClient.connect(ChatNode.port(two), "bob")) {
			for (ConfigurableApplicationContext node : List.of(one, two)) {
				await().atMost(DELAY).untilAsserted(() -> {
					SimpUser bob = users(node).getUser("bob");
					assertThat(bob).isNotNull();
					assertThat(bob.getSessions()).hasSize(2);
					assertThat(bob.getPrincipal()).isNotNull();
					assertThat(users(node).getUsers()).extracting(SimpUser::getName).containsOnlyOnce("bob");
					assertThat(users(node).getUserCount()).isEqualTo(users(node).getUsers().size());
				});
			}
			here.subscribe("news", "/user/queue/news");
			there.subscribe("news", "/user/queue/news");
			two.getBean(SimpMessagingTemplate.class).convertAndSendToUser("bob", "/queue/news", "for bob");
			here.await("the message", (frame) -> frame.isMessage() && frame.body().equals("for bob"));
			there.await("the message", (frame) -> frame.isMessage() && frame.body().equals("for bob"));
			assertThat(here.messages()).hasSize(1);
		}
	}

	@Test
	void aNodeThatStartsLaterSeesThoseWhoAreThereAndItsOwnUsersAreGoneWhenItStops() {
		try (StompTestClient kim = StompTestClient.connect(ChatNode.port(one), "kim")) {
			kim.subscribe("sub-0", "/topic/room.1");
			try (ConfigurableApplicationContext three = ChatNode.start(redis.port(), FLEET_WIDE);
					StompTestClient lee = StompTestClient.connect(ChatNode.port(three), "lee")) {
				await().atMost(DELAY).untilAsserted(() -> {
					assertThat(session(three, "kim").getSubscriptions()).hasSize(1);
					assertThat(users(one).getUser("lee")).isNotNull();
				});
				assertThat(lee.closeCode).isNull();
			}
			await().atMost(DELAY).until(() -> users(one).getUser("lee") == null);
		}
	}

	@Test
	void rule6_theUsersOfAKilledNodeAreForgottenWithinTheExpiry() {
		String[] quick = { FLEET_WIDE, "realtime.user-registry.interval=200ms", "realtime.user-registry.expiry=2s",
				"realtime.redis.prefix=killed" };
		try (ConfigurableApplicationContext survivor = ChatNode.start(redis.port(), quick);
				NodeProcess doomed = NodeProcess.start(redis.port(), quick);
				StompTestClient ann = StompTestClient.connect(doomed.port(), "ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			await().atMost(DELAY).until(() -> users(survivor).getUser("ann") != null);
			doomed.kill();
			long killed = System.nanoTime();
			await().until(() -> users(survivor).getUser("ann") == null);
			assertThat(Duration.ofNanos(System.nanoTime() - killed)).isBetween(Duration.ofSeconds(1),
					Duration.ofSeconds(5));
		}
	}

	@Test
	void rule7_whileTheRelayIsAwayUsersStayKnownAndChangesAreToldAfterwards() {
		String[] quick = { FLEET_WIDE, "realtime.user-registry.interval=100ms", "realtime.user-registry.expiry=1s" };
		try (RedisServer own = RedisServer.startProcess();
				ConfigurableApplicationContext near = ChatNode.start(own.port(), quick);
				ConfigurableApplicationContext far = ChatNode.start(own.port(), quick);
				StompTestClient ann = StompTestClient.connect(ChatNode.port(near), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(near), "bob")) {
			await().atMost(DELAY).until(() -> users(far).getUser("ann") != null && users(far).getUser("bob") != null);
			own.stop();
			bob.cut();
			await().until(() -> users(near).getUser("bob") == null);
			await().during(Duration.ofSeconds(2)).until(() -> users(far).getUser("ann") != null);
			own.restart();
			await().atMost(Duration.ofSeconds(20)).until(() -> users(far).getUser("bob") == null);
			assertThat(users(far).getUser("ann")).isNotNull();
			assertThat(ann.closeCode).isNull();
			try (StompTestClient kim = StompTestClient.connect(ChatNode.port(near), "kim")) {
				await().atMost(Duration.ofSeconds(20)).until(() -> users(far).getUser("kim") != null);
				assertThat(kim.closeCode).isNull();
			}
		}
	}

	@Test
	void withoutThePropertyTheRegistryKnowsTheUsersOfItsNode() {
		try (ConfigurableApplicationContext alone = ChatNode.start(redis.port());
				StompTestClient here = StompTestClient.connect(ChatNode.port(alone), "dan");
				StompTestClient there = StompTestClient.connect(ChatNode.port(one), "eve")) {
			await().atMost(DELAY).until(() -> users(two).getUser("eve") != null);
			assertThat(users(alone).getUsers()).extracting(SimpUser::getName).containsExactly("dan");
			assertThat(here.closeCode).isNull();
			assertThat(there.closeCode).isNull();
		}
	}

	private static SimpUserRegistry users(ConfigurableApplicationContext node) {
		return node.getBean(SimpUserRegistry.class);
	}

	/** The user's only session. */
	private static SimpSession session(ConfigurableApplicationContext node, String name) {
		@Nullable SimpUser user = users(node).getUser(name);
		assertThat(user).isNotNull();
		SimpSession only = Objects.requireNonNull(user).getSessions().iterator().next();
		assertThat(user.getSession(only.getId())).isEqualTo(only);
		return only;
	}

	private static java.util.Set<SimpSubscription> subscriptions(ConfigurableApplicationContext node,
			String destination) {
		return users(node).findSubscriptions((subscription) -> subscription.getDestination().equals(destination));
	}

}
