package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A second node comes, and the first one sends clients to it. */
class RebalanceIT {

	private static final int CLIENTS = 300;

	private static final int PER_MINUTE = 3_000;

	private static final String TOPIC = "room.rebalance";

	private static final String[] QUICK = { "realtime.drain.rebalance.clients-per-minute=" + PER_MINUTE,
			"realtime.drain.rebalance.interval=200ms", "realtime.limits.connections-per-user=1000" };

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext full = ChatNode.start(this.redis.port(), QUICK);

	@AfterEach
	void stop() {
		this.full.close();
		this.redis.close();
	}

	@Test
	void rule4_clientsMoveToANewNodeAtABoundedPaceAndLoseNothing() throws InterruptedException {
		AtomicBoolean end = new AtomicBoolean();
		AtomicLong receipts = new AtomicLong();
		List<StompTestClient> staying = new ArrayList<>();
		try (TcpProxy balancer = new TcpProxy(ChatNode.port(this.full));
				Returning moving = new Returning.OverWebSocket(balancer.port(), TOPIC)) {
			for (int i = 1; i < CLIENTS; i++) {
				staying.add(StompTestClient.connect(ChatNode.port(this.full), "user" + i));
			}
			assertThat(connections(this.full)).isEqualTo(CLIENTS);
			await().during(Duration.ofSeconds(2)).until(() -> connections(this.full) == CLIENTS);
			Thread publisher = publish(end, receipts);

			try (ConfigurableApplicationContext empty = ChatNode.start(this.redis.port(), QUICK)) {
				long start = System.nanoTime();
				balancer.sendNewTo(ChatNode.port(empty));
				await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(() -> {
					long gone = sentAway();
					double seconds = (System.nanoTime() - start) / 1e9;
					// what is allowed by now, and for two intervals before
					assertThat(gone).isLessThanOrEqualTo((long) (PER_MINUTE / 60.0 * (seconds + 5)));
					returnTo(empty, staying);
					return connections(this.full) <= 165 && connections(empty) >= 135;
				});
				await().during(Duration.ofSeconds(2)).until(() -> connections(this.full) >= 150);
				assertThat(connections(this.full) + connections(empty)).isBetween(CLIENTS - 1, CLIENTS);
				assertThat(empty.getBean(MeterRegistry.class)
					.get("realtime.rebalance.sent.away")
					.functionCounter()
					.count()).isZero();
				end.set(true);
				publisher.join();
				await().untilAsserted(() -> assertThat(moving.seqs())
					.isEqualTo(LongStream.rangeClosed(1, receipts.get()).boxed().toList()));
			}
		}
		finally {
			end.set(true);
			staying.forEach(StompTestClient::close);
		}
	}

	@Test
	void aNodeThatIsNotReadyNeitherSendsClientsAwayNorCounts() {
		List<StompTestClient> clients = new ArrayList<>();
		try (ConfigurableApplicationContext other = ChatNode.start(this.redis.port(), QUICK)) {
			AvailabilityChangeEvent.publish(other, ReadinessState.REFUSING_TRAFFIC);
			for (int i = 0; i < 20; i++) {
				clients.add(StompTestClient.connect(ChatNode.port(this.full), "user" + i));
			}
			await().during(Duration.ofSeconds(2)).until(() -> sentAway() == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.REFUSING_TRAFFIC);
			AvailabilityChangeEvent.publish(other, ReadinessState.ACCEPTING_TRAFFIC);
			await().during(Duration.ofSeconds(2)).until(() -> sentAway() == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.ACCEPTING_TRAFFIC);
			await().until(() -> sentAway() > 0);
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	@Test
	void withoutTheRelayTheCountsAreNotKnownAndAllClientsStay() {
		List<StompTestClient> clients = new ArrayList<>();
		try (ConfigurableApplicationContext other = ChatNode.start(this.redis.port(), QUICK)) {
			assertThat(connections(other)).isZero();
			this.redis.stop();
			await().until(() -> !this.full.getBean(RealtimeNode.class).broker().isConnected());
			await().during(Duration.ofSeconds(1)).until(() -> sentAway() == 0);
			for (int i = 0; i < 20; i++) {
				clients.add(StompTestClient.connect(ChatNode.port(this.full), "user" + i));
			}
			await().during(Duration.ofSeconds(3)).until(() -> sentAway() == 0);
			assertThat(clients).allMatch((client) -> client.closeCode == null);
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	/** The clients that were sent away come to the new node. */
	private static void returnTo(ConfigurableApplicationContext node, List<StompTestClient> clients) {
		for (int i = 0; i < clients.size(); i++) {
			StompTestClient client = clients.get(i);
			if (client.closeCode != null) {
				assertThat(client.closeCode).isEqualTo(1012);
				assertThat(client.frames()).anyMatch((frame) -> frame.isEvent("reconnect"));
				clients.set(i, StompTestClient.connect(ChatNode.port(node), "user" + i));
			}
		}
	}

	private Thread publish(AtomicBoolean end, AtomicLong receipts) {
		RealtimePublisher publisher = this.full.getBean(RealtimePublisher.class);
		Thread thread = new Thread(() -> {
			while (!end.get()) {
				publisher.publishAndWait(Publication.of(Topic.of(TOPIC), Content.text("m")));
				receipts.incrementAndGet();
				LockSupport.parkNanos(10_000_000);
			}
		}, "publisher");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static int connections(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().connections().size();
	}

	private long sentAway() {
		return (long) this.full.getBean(MeterRegistry.class)
			.get("realtime.rebalance.sent.away")
			.functionCounter()
			.count();
	}

}
