package dev.realtime.spring.journey;

import java.io.IOException;
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
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the rules promise to sockets, on two nodes with real servers between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RulesContract {

	final FleetServers servers;

	final ConfigurableApplicationContext one;

	final ConfigurableApplicationContext two;

	RulesContract(FleetServers servers, String... properties) {
		this.servers = servers;
		this.one = ChatNode.start(1, servers.with(properties));
		this.two = ChatNode.start(1, servers.with(properties));
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.servers.close();
	}

	@Test
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
	void whatAClientSentBeforeDisconnectIsAnsweredBeforeItsReceipt() {
		try (StompTestClient client = StompTestClient.connectPlain(ChatNode.port(this.one), "ann")) {
			for (int i = 0; i < 50; i++) {
				client.send("SEND", Map.of("destination", "/topic/room.bye", "receipt", "r" + i), "x");
			}
			client.send("DISCONNECT", Map.of("receipt", "bye"), "");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1000));
			assertThat(client.frames()).hasSize(52).last().matches((last) -> "bye".equals(last.get("receipt-id")));
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

	@RepeatedTest(3)
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
				await().untilAsserted(() -> assertThat(
						Http.get(ChatNode.webPort(node), "/realtime/topics/room.present/presence").body())
					.contains("\"count\":2")
					.contains("{\"user\":\"ann\",\"connections\":1}")
					.contains("{\"user\":\"bob\",\"connections\":2}"));
			}
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

	static void publish(ConfigurableApplicationContext node, String topic, String text) {
		publisher(node).publishAndWait(Publication.of(Topic.of(topic), Content.text(text)));
	}

	static RealtimePublisher publisher(ConfigurableApplicationContext node) {
		return node.getBean(RealtimePublisher.class);
	}

	static List<String> bodies(StompTestClient client) {
		return client.messages().stream().map(StompFrame::body).toList();
	}

	static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
