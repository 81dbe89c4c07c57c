package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.testing.DatabaseServer;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node that publishes in transactions is killed again and again, while another node
 * publishes too and serves a subscriber. How often: {@code -Dcrash.kills=100}.
 */
class CrashIT {

	private static final int KILLS = Integer.getInteger("crash.kills", 5);

	private static final Duration LONGEST = Duration.ofMinutes(15);

	private final AtomicInteger committedHere = new AtomicInteger();

	@Test
	void everyCommittedMessageOfAKilledNodeIsSeenAndNoOther() {
		DatabaseServer database = DatabaseServer.postgresql();
		try (RedisServer redis = RedisServer.startProcess();
				ConfigurableApplicationContext node = DurableNode.start(redis.port(), database.url(),
						"realtime.repair.check-interval=1h");
				StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			StompFrame start = ann.subscribe("sub-0", "/topic/" + CrashingPublisher.TOPIC);
			AtomicBoolean stop = new AtomicBoolean();
			CompletableFuture<Void> here = CompletableFuture.runAsync(() -> publishUntil(stop, node));
			int kills = kill(database, redis);
			stop.set(true);
			here.join();
			JdbcTemplate jdbc = node.getBean(JdbcTemplate.class);
			Set<String> committed = new TreeSet<>(jdbc.queryForList("SELECT id FROM orders", String.class));

			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(bodies(ann)).hasSize(committed.size()));

			assertThat(new TreeSet<>(bodies(ann))).isEqualTo(committed);
			assertThat(seqs(ann))
				.containsExactlyElementsOf(LongStream.rangeClosed(1, committed.size()).boxed().toList());
			assertRecovers(node, start, ann);
			await().untilAsserted(
					() -> assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM realtime_outbox", Long.class)).isZero());
			System.out.printf(
					"%d kills: %d transactions committed (%d by the killed node), all seen in order by the other's "
							+ "subscriber, none twice, none that rolled back; after a loss and by recovery the same%n",
					kills, committed.size(), committed.size() - this.committedHere.get());
		}
		finally {
			database.stop();
		}
	}

	private static int kill(DatabaseServer database, RedisServer redis) {
		Random random = new Random(42);
		long end = System.nanoTime() + LONGEST.toNanos();
		int kills = 0;
		while (kills < KILLS && System.nanoTime() < end) {
			try (CrashingPublisher.Running running = CrashingPublisher.start(database.url(), redis.uri(), kills)) {
				running.awaitFirst();
				LockSupport.parkNanos(random.nextLong(300_000_000));
			}
			kills++;
		}
		return kills;
	}

	/** Each in a transaction with its order; every third rolls back. */
	private void publishUntil(AtomicBoolean stop, ConfigurableApplicationContext node) {
		TransactionTemplate transaction = new TransactionTemplate(node.getBean(PlatformTransactionManager.class));
		for (int i = 0; !stop.get(); i++) {
			String id = "here-" + i;
			boolean rollback = i % 3 == 0;
			transaction.executeWithoutResult((status) -> {
				node.getBean(DurableNode.Orders.class).add(id);
				node.getBean(RealtimePublisher.class)
					.publishAndWait(Publication.of(CrashingPublisher.TOPIC, Content.text(id)));
				if (rollback) {
					status.setRollbackOnly();
				}
			});
			if (!rollback) {
				this.committedHere.incrementAndGet();
			}
			LockSupport.parkNanos(10_000_000);
		}
	}

	/** Somebody who was away from the first message on gets the same. */
	private static void assertRecovers(ConfigurableApplicationContext node, StompFrame start, StompTestClient ann) {
		List<Long> all = seqs(ann);
		long from = Math.max(0, all.size() - 4_000);
		try (StompTestClient back = StompTestClient.connect(ChatNode.port(node), "bob")) {
			StompFrame outcome = back.subscribe("sub-0", "/topic/" + CrashingPublisher.TOPIC,
					Map.of("epoch", start.header("epoch"), "last-seq", Long.toString(from)));
			assertThat(outcome.header("recovered")).isEqualTo("true");
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(bodies(back)).hasSize(all.size() - (int) from));
			assertThat(bodies(back)).isEqualTo(bodies(ann).subList((int) from, all.size()));
		}
	}

	private static List<String> bodies(StompTestClient client) {
		return client.frames().stream().filter(StompFrame::isMessage).map(StompFrame::body).toList();
	}

	private static List<Long> seqs(StompTestClient client) {
		return client.frames().stream().filter(StompFrame::isMessage).map(StompFrame::seq).toList();
	}

}
