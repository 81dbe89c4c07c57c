package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The rules of the design, on two nodes with a real Redis between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RulesIT {

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one = ChatNode.start(this.redis.port());

	private final ConfigurableApplicationContext two = ChatNode.start(this.redis.port());

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@RepeatedTest(5)
	void rules1And3_publishersOnTwoNodesAreSeenInOneOrderByAll() throws Exception {
		String name = "room.order" + System.nanoTime();
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			here.subscribe("sub-0", "/topic/" + name);
			there.subscribe("sub-0", "/topic/" + name);
			ExecutorService threads = Executors.newFixedThreadPool(8);
			List<Future<?>> publishers = new ArrayList<>();
			for (int t = 0; t < 8; t++) {
				RealtimePublisher publisher = publisher((t % 2 == 0) ? this.one : this.two);
				String author = "t" + t;
				publishers.add(threads.submit(() -> {
					for (int i = 0; i < 100; i++) {
						publisher.publishAndWait(Publication.of(Topic.of(name), Content.text(author + '-' + i)));
					}
				}));
			}
			for (Future<?> publisher : publishers) {
				publisher.get(60, TimeUnit.SECONDS);
			}
			threads.shutdown();
			await().untilAsserted(() -> assertThat(here.seqs()).isEqualTo(upTo(800)));
			await().untilAsserted(() -> assertThat(there.seqs()).isEqualTo(upTo(800)));
			assertThat(bodies(here)).isEqualTo(bodies(there)).doesNotHaveDuplicates();
		}
	}

	@Test
	void rule2_aMessageCanBeReadFromTheLogWhenASubscriberHasIt() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame receipt = client.subscribe("sub-0", "/topic/room.stored");
			for (int i = 1; i <= 20; i++) {
				publish(this.one, "room.stored", "m" + i);
				long seq = i;
				client.await("message " + i, (frame) -> frame.isMessage() && frame.seq() == seq);
				HttpResponse<String> log = Http.get(ChatNode.port(this.one),
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
	void rule5_aSubscriberThatNeverReadsDelaysNobodyAndIsClosedAtItsBound() throws IOException {
		HubStats stats = this.one.getBean(RealtimeNode.class).hub().stats();
		long before = stats.overflows();
		String large = "x".repeat(16_384);
		try (StuckReader stuck = new StuckReader(ChatNode.port(this.one), "/topic/room.stuck");
				StompTestClient other = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			other.subscribe("sub-0", "/topic/room.stuck");
			// The others' queues are as small: they are given what they take, and must
			// take all.
			for (int i = 1; i <= 1_000; i++) {
				publish(this.two, "room.stuck", large);
				if (i % 20 == 0) {
					int published = i;
					await().pollInterval(Duration.ofMillis(1)).until(() -> other.messages().size() == published);
				}
			}
			assertThat(other.seqs()).isEqualTo(upTo(1_000));
			await().untilAsserted(() -> assertThat(stats.overflows()).isEqualTo(before + 1));
			await().until(stuck::isClosedByServer);
			await().untilAsserted(() -> assertThat(stats.queuedBytes()).isZero());
		}
	}

	@RepeatedTest(20)
	void rule4_recoveryWhileFiveHundredMessagesASecondArePublishedIsExact() throws Exception {
		String name = "room.splice" + System.nanoTime();
		StompTestClient first = StompTestClient.connect(ChatNode.port(this.one), "ann");
		StompFrame receipt = first.subscribe("sub-0", "/topic/" + name);
		first.cut();
		AtomicBoolean stop = new AtomicBoolean();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		Future<Long> publishing = thread.submit(() -> {
			long count = 0;
			while (!stop.get()) {
				publish((count % 2 == 0) ? this.one : this.two, name, "m");
				count++;
				LockSupport.parkNanos(2_000_000);
			}
			return count;
		});
		try (StompTestClient watcher = StompTestClient.connect(ChatNode.port(this.one), "eve")) {
			watcher.subscribe("sub-0", "/topic/" + name);
			await().pollInterval(Duration.ofMillis(5)).until(() -> watcher.seqs().size() >= 20);
			try (StompTestClient back = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
				StompFrame outcome = back.subscribe("sub-0", "/topic/" + name,
						Map.of("epoch", receipt.header("epoch"), "last-seq", receipt.header("seq")));
				assertThat(outcome.header("recovered")).isEqualTo("true");
				await().pollInterval(Duration.ofMillis(5)).until(() -> back.seqs().size() >= 60);
				stop.set(true);
				long all = publishing.get(10, TimeUnit.SECONDS);
				await().untilAsserted(() -> assertThat(back.seqs()).isEqualTo(upTo(all)));
			}
		}
		finally {
			stop.set(true);
			thread.shutdown();
		}
	}

	@Test
	void presenceAgreesOnBothNodes() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob");
				StompTestClient bobAgain = StompTestClient.connect(ChatNode.port(this.one), "bob")) {
			for (StompTestClient client : List.of(ann, bob, bobAgain)) {
				client.subscribe("sub-0", "/topic/room.present");
			}
			for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
				await().untilAsserted(
						() -> assertThat(Http.get(ChatNode.port(node), "/realtime/topics/room.present/presence").body())
							.contains("\"count\":2")
							.contains("{\"user\":\"ann\",\"connections\":1}")
							.contains("{\"user\":\"bob\",\"connections\":2}"));
			}
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
					() -> assertThat(Http.get(ChatNode.port(survivor), path).body()).contains("\"count\":3"));
			victim.kill();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(Http.get(ChatNode.port(survivor), path).body()).contains("\"count\":1")
					.contains("watcher"));
			await().untilAsserted(() -> assertThat(events(watcher)).contains("leave ann", "leave bob"));
			assertThat(events(watcher)).containsOnlyOnce("join ann", "join bob", "leave ann", "leave bob");
		}
	}

	@Test
	void whatIsSentToAUserReachesThemOnWhicheverNodeTheyAre() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "kim");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "kim");
				StompTestClient other = StompTestClient.connect(ChatNode.port(this.two), "lee")) {
			for (StompTestClient client : List.of(here, there, other)) {
				client.subscribe("sub-0", "/user/queue/news");
			}
			this.one.getBean(org.springframework.messaging.simp.SimpMessagingTemplate.class)
				.convertAndSendToUser("kim", "/queue/news", "for kim");
			for (StompTestClient client : List.of(here, there)) {
				StompFrame message = client.await("the message", StompFrame::isMessage);
				assertThat(message.body()).isEqualTo("for kim");
				assertThat(message.header("destination")).isEqualTo("/user/queue/news");
			}
			assertThat(other.messages()).isEmpty();
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

	private static void publish(ConfigurableApplicationContext node, String topic, String text) {
		publisher(node).publishAndWait(Publication.of(Topic.of(topic), Content.text(text)));
	}

	private static RealtimePublisher publisher(ConfigurableApplicationContext node) {
		return node.getBean(RealtimePublisher.class);
	}

	private static List<String> events(StompTestClient watcher) {
		return watcher.messages()
			.stream()
			.filter((frame) -> frame.header("subscription").equals("events"))
			.map((frame) -> frame.header("type") + ' ' + frame.body().replaceAll(".*\"user\":\"([^\"]*)\".*", "$1"))
			.toList();
	}

	private static List<String> bodies(StompTestClient client) {
		return client.messages().stream().map(StompFrame::body).toList();
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
