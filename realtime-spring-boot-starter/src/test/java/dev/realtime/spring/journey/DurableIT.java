package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.Await;
import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Two nodes with a durable log, while Redis or the database goes away. */
class DurableIT {

	private static final Topic ROOM = Topic.of("durable.room");

	private static final DatabaseServer database = DatabaseServer.postgresql();

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = DurableNode.start(this.redis.port(), database.url());

	private final ConfigurableApplicationContext two = DurableNode.start(this.redis.port(), database.url());

	private final AtomicInteger counter = new AtomicInteger();

	private final Queue<String> published = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	@AfterAll
	static void stopDatabase() {
		database.stop();
	}

	@AfterEach
	void stop() {
		this.one.getBean(JdbcTemplate.class).execute("DELETE FROM realtime_dead_letter");
		this.one.getBean(JdbcTemplate.class).execute("DELETE FROM realtime_topic WHERE topic = 'durable.room'");
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule7_whileRedisIsAwayDurablePublishingGoesOnAndEverybodyHasEverythingSoonAfter() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("sub-0", "/topic/" + ROOM);
			bob.subscribe("sub-0", "/topic/" + ROOM);
			publishFor(Duration.ofSeconds(1));
			this.redis.stop();
			publishFor(Duration.ofSeconds(4));
			assertThat(this.failures).isEmpty();
			int whileAway = this.published.size();
			// the log tells what the relay cannot
			await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(bodies(bob)).hasSize(whileAway));
			publish(this.one, "last");
			this.published.add("last");

			this.redis.restart();

			await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
				assertThat(bodies(ann)).hasSize(whileAway + 1);
				assertThat(bodies(bob)).hasSize(whileAway + 1);
			});
			publishFor(Duration.ofSeconds(1));
			await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
				assertThat(bodies(ann)).containsExactlyInAnyOrderElementsOf(this.published);
				assertThat(seqs(bob)).isEqualTo(seqs(ann));
				assertThat(bodies(bob)).isEqualTo(bodies(ann));
			});
			assertThat(seqs(ann)).isSorted().doesNotHaveDuplicates();
			assertThat(this.failures).isEmpty();
			await().untilAsserted(() -> assertThat(metric("realtime.outbox.messages")).isZero());
			System.out.printf("Redis away for 4 s: %d published, none failed, all seen by both%n",
					this.published.size());
		}
	}

	@Test
	void whileTheDatabaseIsAwayPublishingFailsClearlyAndNobodySeesAPhantom() {
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("sub-0", "/topic/" + ROOM);
			publishFor(Duration.ofSeconds(1));
			database.stop();
			try {
				await().untilAsserted(() -> assertThatExceptionOfType(PublishException.class)
					.isThrownBy(() -> publish(this.one, "refused"))
					.withMessageContaining("the database is unavailable")
					.matches((failure) -> !failure.isOutcomeUnknown()));
				publishFor(Duration.ofSeconds(2));
				assertThat(this.failures).isNotEmpty()
					.allSatisfy((failure) -> assertThat(failure).isInstanceOf(PublishException.class)
						.hasMessageMatching(".*(the database|circuit breaker realtime-broker is open).*"));
				assertThat(Http.get(ChatNode.webPort(this.one), "/actuator/health/realtime").body())
					.contains("\"brokerConnected\":false");
				assertThat(bob.closeCode).isNull();
			}
			finally {
				database.start();
			}
			await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> publish(this.one, "back"));
			await().untilAsserted(() -> assertThat(bodies(bob)).contains("back"));

			List<String> stored = stored();
			assertThat(bodies(bob)).isEqualTo(stored).containsAll(this.published).doesNotContain("refused");
			assertThat(seqs(bob)).isSorted().doesNotHaveDuplicates();
		}
	}

	@Test
	void aDeadLetterIsShownReplayedAndGone() {
		JdbcTemplate jdbc = this.one.getBean(JdbcTemplate.class);
		jdbc.execute("ALTER TABLE realtime_message ADD CONSTRAINT no_poison CHECK (type IS NULL OR type <> 'poison')");
		Publication poison = Publication.to(ROOM)
			.payload("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8), "text/plain")
			.type("poison")
			.build();
		try {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> this.one.getBean(RealtimePublisher.class).publishAndWait(poison))
				.withMessageContaining("dead letter");
		}
		finally {
			jdbc.execute("ALTER TABLE realtime_message DROP CONSTRAINT no_poison");
		}
		await().untilAsserted(() -> assertThat(metric("realtime.dead.letters")).isEqualTo(1));
		String list = Http.get(ChatNode.webPort(this.two), "/actuator/realtimedeadletters").body();
		assertThat(list).contains("\"reason\":\"not-stored\"", "\"topic\":\"durable.room\"").doesNotContain("secret");
		String id = list.substring(list.indexOf("\"id\":\"") + 6, list.indexOf("\",\"reason\""));

		assertThat(Http.post(ChatNode.webPort(this.two), "/actuator/realtimedeadletters/" + id, "{}").body())
			.contains("\"outcome\":\"published\"");

		assertThat(stored()).containsExactly("secret");
		assertThat(Http.post(ChatNode.webPort(this.two), "/actuator/realtimedeadletters/" + id, "{}").body())
			.contains("\"outcome\":\"unknown\"");
	}

	@Test
	void whatWasSentToAUserWhoWasOfflineIsThereOnReturn() {
		StompFrame first;
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			first = ann.subscribe("sub-0", "/user/queue/inbox");
		}
		this.redis.stop();
		this.two.getBean(org.springframework.messaging.simp.SimpMessagingTemplate.class)
			.convertAndSendToUser("ann", "/queue/inbox", "while you were away");
		this.redis.restart();
		try (StompTestClient phone = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			StompFrame outcome = await().ignoreExceptions()
				.atMost(Duration.ofSeconds(10))
				.until(() -> phone.subscribe("sub-1", "/user/queue/inbox",
						Map.of("epoch", first.header("epoch"), "last-seq", first.header("seq"))), (frame) -> true);
			assertThat(outcome.header("recovered")).isEqualTo("true");
			assertThat(phone.await("the message", StompFrame::isMessage).body()).isEqualTo("while you were away");
		}
	}

	/** From both nodes, each message after the receipt of the one before. */
	private void publishFor(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		List<CompletableFuture<Void>> publishers = List.of(this.one, this.two, this.one, this.two)
			.stream()
			.map((node) -> CompletableFuture.runAsync(() -> {
				while (System.nanoTime() < end) {
					String text = "m" + this.counter.incrementAndGet();
					try {
						publish(node, text);
						this.published.add(text);
					}
					catch (RuntimeException ex) {
						this.failures.add(ex);
					}
					LockSupport.parkNanos(20_000_000);
				}
			}))
			.toList();
		publishers.forEach(CompletableFuture::join);
	}

	private static PublishReceipt publish(ConfigurableApplicationContext node, String text) {
		return node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(ROOM, Content.text(text)));
	}

	private List<String> stored() {
		return dev.realtime.testing.Messages
			.found(Await.result(this.two.getBean(RealtimeNode.class).broker().log().readBefore(ROOM, null, 1_000)))
			.messages()
			.stream()
			.map((message) -> message.content().text())
			.toList();
	}

	private double metric(String name) {
		String found = Http.get(ChatNode.webPort(this.two), "/actuator/metrics/" + name).body();
		int value = found.indexOf("\"value\":") + "\"value\":".length();
		return Double.parseDouble(found.substring(value, found.indexOf('}', value)));
	}

	private static List<String> bodies(StompTestClient client) {
		return client.frames().stream().filter(StompFrame::isMessage).map(StompFrame::body).toList();
	}

	private static List<Long> seqs(StompTestClient client) {
		return client.frames().stream().filter(StompFrame::isMessage).map(StompFrame::seq).toList();
	}

}
