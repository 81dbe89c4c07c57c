package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.spring.publisher.RealtimeSignals;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rules that touch no socket besides, on whatever two nodes share. */
abstract class FleetRulesContract extends RulesContract {

	/**
	 * Positions are compared so seldom that only the return of the relay can be what
	 * heals, and nodes are found dead soon.
	 */
	private static final String[] PROPERTIES = { "realtime.repair.check-interval=10m", "realtime.presence.grace=500ms",
			"realtime.presence.refresh=300ms", "realtime.presence.lease=1500ms" };

	FleetRulesContract(FleetServers servers) {
		super(servers, PROPERTIES);
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
				assertThat(log.statusCode()).isEqualTo(200);
				assertThat(log.body()).contains("\"seq\":" + i).contains("m" + i);
			}
		}
	}

	@RepeatedTest(3)
	void rule7_aCutRelayIsHealedFromTheLog() throws Exception {
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
				this.servers.cutRelay().run();
			}
			publishing.get(60, TimeUnit.SECONDS);
			thread.shutdown();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(600)));
		}
	}

	@Test
	void rule6_aKilledNodeLeavesNoGhosts() {
		int survivor = ChatNode.webPort(this.one);
		try (NodeProcess victim = NodeProcess.start(1, this.servers.with(PROPERTIES));
				StompTestClient watcher = StompTestClient.connect(ChatNode.port(this.one), "watcher");
				StompTestClient ann = StompTestClient.connect(victim.port(), "ann");
				StompTestClient bob = StompTestClient.connect(victim.port(), "bob")) {
			watcher.subscribe("events", "/topic/_presence.room.ghosts");
			watcher.subscribe("room", "/topic/room.ghosts");
			ann.subscribe("sub-0", "/topic/room.ghosts");
			bob.subscribe("sub-0", "/topic/room.ghosts");
			String path = "/realtime/topics/room.ghosts/presence";
			await().untilAsserted(() -> assertThat(Http.get(survivor, path).body()).contains("\"count\":3"));
			victim.kill();
			await().atMost(Duration.ofSeconds(15))
				.untilAsserted(
						() -> assertThat(Http.get(survivor, path).body()).contains("\"count\":1").contains("watcher"));
			await().untilAsserted(() -> assertThat(events(watcher)).contains("leave ann", "leave bob"));
			assertThat(events(watcher)).containsOnlyOnce("join ann", "join bob", "leave ann", "leave bob");
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

	@Test
	void theSameIdIsPublishedOnce() {
		Publication publication = Publication.to(Topic.of("room.once"))
			.content(Content.text("m"))
			.id("order-7")
			.build();
		PublishReceipt first = publisher(this.one).publishAndWait(publication);
		PublishReceipt again = publisher(this.two).publishAndWait(publication);
		assertThat(again.position()).isEqualTo(first.position());
		assertThat(again.duplicate()).isTrue();
	}

	private static List<String> events(StompTestClient watcher) {
		return watcher.messages()
			.stream()
			.filter((frame) -> frame.header("subscription").equals("events"))
			.map((frame) -> frame.header("type") + ' ' + frame.body().replaceAll(".*\"user\":\"([^\"]*)\".*", "$1"))
			.toList();
	}

}
