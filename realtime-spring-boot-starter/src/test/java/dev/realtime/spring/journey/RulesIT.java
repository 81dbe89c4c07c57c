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
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rules on the servlet endpoint, and those that touch no socket. */
class RulesIT extends RulesContract {

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

	@RepeatedTest(5)
	void rule7_aKilledRelayConnectionIsHealedFromTheLog() throws Exception {
		String name = "room.kill" + System.nanoTime();
		RedisClient admin = RedisClient.create(this.redis.uri());
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
				admin.connect().sync().clientKill(KillArgs.Builder.typePubsub());
			}
			publishing.get(60, TimeUnit.SECONDS);
			thread.shutdown();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(600)));
		}
		finally {
			admin.shutdown();
		}
	}

	@Test
	void rule6_aKilledNodeLeavesNoGhosts() {
		String[] fast = { "realtime.presence.grace=500ms", "realtime.presence.refresh=300ms",
				"realtime.presence.lease=1500ms", "realtime.redis.prefix=ghosts" };
		try (ConfigurableApplicationContext survivor = ChatNode.start(this.redis.port(), fast);
				NodeProcess victim = NodeProcess.start(this.redis.port(), fast);
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
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(
						() -> assertThat(Http.get(ChatNode.webPort(survivor), path).body()).contains("\"count\":1")
							.contains("watcher"));
			await().untilAsserted(() -> assertThat(events(watcher)).contains("leave ann", "leave bob"));
			assertThat(events(watcher)).containsOnlyOnce("join ann", "join bob", "leave ann", "leave bob");
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
