package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A second node comes, and the first one sends clients to it. */
abstract class RebalanceContract {

	static final int CLIENTS = 200;

	private static final int PER_SECOND = 20;

	static final String TOPIC = "room.rebalance";

	static final String PREFIX = "realtime.drain.rebalance.";

	final RedisServer redis = RedisServer.startProcess();

	private final String[] always;

	final ConfigurableApplicationContext full;

	RebalanceContract(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of(PREFIX + "interval=200ms", PREFIX + "after=500ms", PREFIX + "min-age=1s",
				PREFIX + "clients-per-minute=" + 60 * PER_SECOND, "realtime.limits.connections-per-user=1000",
				"realtime.rates.enabled=false"));
		this.always = all.toArray(String[]::new);
		this.full = start();
	}

	@AfterEach
	void stop() {
		this.full.close();
		this.redis.close();
	}

	@Test
	void rule4_clientsMoveToANewNodeAtABoundedPaceAndLoseNothing() throws InterruptedException {
		List<Integer> ports = new CopyOnWriteArrayList<>(List.of(port(this.full)));
		AtomicBoolean end = new AtomicBoolean();
		AtomicLong published = new AtomicLong();
		try (MovingClients clients = new MovingClients(CLIENTS, TOPIC, MovingClients.inTurn(ports))) {
			await().during(Duration.ofSeconds(2)).until(() -> sentAway(this.full) == 0);
			Thread publisher = publish(end, published);
			try (ConfigurableApplicationContext empty = start()) {
				long start = System.nanoTime();
				// half of them come back to the node that sends them away
				ports.add(port(empty));
				AtomicLong last = new AtomicLong();
				await().atMost(Duration.ofSeconds(60)).during(Duration.ofSeconds(3)).until(() -> {
					double seconds = (System.nanoTime() - start) / 1e9;
					long gone = sentAway(this.full);
					assertThat(gone).isLessThanOrEqualTo((long) (PER_SECOND * (seconds + 1)));
					return last.getAndSet(gone) == gone && gone > 0;
				});
				clients.awaitAll();

				// the tolerance is 3 · √100
				assertThat(connections(this.full)).isBetween(70, 130);
				assertThat(connections(empty)).isBetween(70, 130);
				assertThat(connections(this.full) + connections(empty)).isEqualTo(CLIENTS);
				assertThat(sentAway(empty)).isZero();
				assertThat(clients.stays()).hasSize((int) sentAway(this.full));
				end.set(true);
				publisher.join();
				clients.awaitExactly(published.get());
			}
		}
		finally {
			end.set(true);
		}
	}

	ConfigurableApplicationContext start(String... more) {
		List<String> all = new ArrayList<>(List.of(this.always));
		all.addAll(List.of(more));
		return ChatNode.start(this.redis.port(), all.toArray(String[]::new));
	}

	private Thread publish(AtomicBoolean end, AtomicLong published) {
		RealtimePublisher publisher = this.full.getBean(RealtimePublisher.class);
		Thread thread = new Thread(() -> {
			while (!end.get()) {
				publisher.publishAndWait(Publication.of(Topic.of(TOPIC), Content.text("m")));
				published.incrementAndGet();
				LockSupport.parkNanos(30_000_000);
			}
		}, "publisher");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	static int port(ConfigurableApplicationContext node) {
		return ChatNode.port(node);
	}

	static int connections(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().connections().size();
	}

	static long sentAway(ConfigurableApplicationContext node) {
		return (long) node.getBean(MeterRegistry.class).get("realtime.rebalance.sent.away").functionCounter().count();
	}

}
