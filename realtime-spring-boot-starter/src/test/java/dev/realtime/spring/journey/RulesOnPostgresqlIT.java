package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.realtime.presence.Presence;
import dev.realtime.presence.jdbc.JdbcPresence;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.FleetRedis;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.testing.DatabaseServer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The rules on two nodes whose only server is a PostgreSQL. */
class RulesOnPostgresqlIT extends RulesContract {

	RulesOnPostgresqlIT() {
		super(PostgresqlAlone.properties());
	}

	@Test
	void nothingIsKeptInRedisOrInTheMemoryOfANode() {
		assertThat(this.one.getBeanProvider(FleetRedis.class).getIfAvailable()).isNull();
		assertThat(this.one.getBean(Presence.class)).isInstanceOf(JdbcPresence.class);
		assertThat(this.one.getBean(RestrictionStore.class).isShared()).isTrue();
	}

	@Test
	void rule2_aMessageCanBeReadFromTheLogWhenASubscriberHasIt() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame receipt = client.subscribe("sub-0", "/topic/room.stored");
			for (int i = 1; i <= 20; i++) {
				publish(this.one, "room.stored", "m" + i);
				long seq = i;
				client.await("message " + i, (frame) -> frame.isMessage() && frame.seq() == seq);
				HttpResponse<String> log = Http.get(ChatNode.webPort(this.one),
						"/realtime/topics/room.stored/messages?epoch=" + receipt.header("epoch") + "&after=" + (i - 1)
								+ "&limit=1");
				assertThat(log.body()).contains("\"seq\":" + i).contains("m" + i);
			}
		}
	}

	@Test
	void aSignalReachesTheOtherNode() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			client.subscribe("sub-0", "/topic/room.signals");
			var sent = this.one.getBean(RealtimeSignals.class).send("room.signals", "refresh", null);
			StompFrame signal = client.await("the signal", (frame) -> frame.isEvent("signal"));
			assertThat(signal.header("type")).isEqualTo("refresh");
			assertThat(sent.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@RepeatedTest(3)
	void rule7_aKilledConnectionOfTheRelayIsHealedFromTheLog() throws Exception {
		String name = "room.kill" + System.nanoTime();
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			client.subscribe("sub-0", "/topic/" + name);
			ExecutorService thread = Executors.newSingleThreadExecutor();
			Future<?> publishing = thread.submit(() -> {
				for (int i = 0; i < 600; i++) {
					publish(this.one, name, "m" + i);
				}
			});
			for (int kill = 0; kill < 3; kill++) {
				int after = 100 + kill * 150;
				await().pollInterval(Duration.ofMillis(2)).until(() -> client.seqs().size() > after);
				PostgresqlAlone.killListeners();
			}
			publishing.get(60, TimeUnit.SECONDS);
			thread.shutdown();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(600)));
		}
	}

	@Test
	void rule7_connectionsStayOpenWhileTheServerIsAwayAndNothingIsLost() {
		DatabaseServer own = DatabaseServer.postgresql();
		String[] properties = PostgresqlAlone.on(own.url());
		try (ConfigurableApplicationContext here = ChatNode.start(1, properties);
				ConfigurableApplicationContext there = ChatNode.start(1, properties);
				StompTestClient client = StompTestClient.connect(ChatNode.port(there), "ann")) {
			client.subscribe("sub-0", "/topic/room.away");
			publish(here, "room.away", "before");
			await().untilAsserted(() -> assertThat(bodies(client)).containsExactly("before"));
			own.stop();
			assertThatThrownBy(() -> publish(here, "room.away", "lost")).isNotNull();
			own.start();
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
				publish(here, "room.away", "after");
				return true;
			});
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(bodies(client)).contains("before", "after"));
			assertThat(client.closeCode).isNull();
			assertThat(client.seqs()).isEqualTo(upTo(client.seqs().size()));
		}
		finally {
			own.stop();
		}
	}

	@Test
	void rule6_aKilledNodeLeavesNoGhosts() {
		DatabaseServer own = DatabaseServer.postgresql();
		String[] fast = PostgresqlAlone.on(own.url(), "realtime.presence.grace=500ms",
				"realtime.presence.refresh=300ms", "realtime.presence.lease=1500ms");
		try (ConfigurableApplicationContext survivor = ChatNode.start(1, fast);
				NodeProcess victim = NodeProcess.start(1, onCommandLine(fast));
				StompTestClient watcher = StompTestClient.connect(ChatNode.port(survivor), "watcher");
				StompTestClient ann = StompTestClient.connect(victim.port(), "ann");
				StompTestClient bob = StompTestClient.connect(victim.port(), "bob")) {
			watcher.subscribe("events", "/topic/_presence.room.ghosts");
			watcher.subscribe("room", "/topic/room.ghosts");
			ann.subscribe("sub-0", "/topic/room.ghosts");
			bob.subscribe("sub-0", "/topic/room.ghosts");
			String path = "/realtime/topics/room.ghosts/presence";
			await().untilAsserted(
					() -> assertThat(Http.get(ChatNode.webPort(survivor), path).body()).contains("\"count\":3"));
			victim.kill();
			await().atMost(Duration.ofSeconds(15))
				.untilAsserted(
						() -> assertThat(Http.get(ChatNode.webPort(survivor), path).body()).contains("\"count\":1")
							.contains("watcher"));
			await().untilAsserted(() -> assertThat(events(watcher)).contains("leave ann", "leave bob"));
			assertThat(events(watcher)).containsOnlyOnce("join ann", "join bob", "leave ann", "leave bob");
		}
		finally {
			own.stop();
		}
	}

	/** Values of a repeated option would be put together. */
	private static String[] onCommandLine(String[] properties) {
		return List.of(properties)
			.stream()
			.filter((property) -> !property.startsWith("spring.data.redis"))
			.toArray(String[]::new);
	}

	private static List<String> events(StompTestClient watcher) {
		return watcher.messages()
			.stream()
			.filter((frame) -> frame.header("subscription").equals("events"))
			.map((frame) -> frame.header("type") + ' ' + frame.body().replaceAll(".*\"user\":\"([^\"]*)\".*", "$1"))
			.toList();
	}

}
