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

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A second node comes, and the first one sends clients to it. */
abstract class RebalanceContract {

	private static final int CLIENTS = 200;

	private static final int PER_SECOND = 20;

	private static final String TOPIC = "room.rebalance";

	private static final String PREFIX = "realtime.drain.rebalance.";

	private final RedisServer redis = RedisServer.startProcess();

	private final String[] always;

	private final ConfigurableApplicationContext full;

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

	@Test
	void balancedNodesKeepAllTheirClients() {
		try (ConfigurableApplicationContext other = start();
				MovingClients clients = new MovingClients(CLIENTS, TOPIC,
						MovingClients.inTurn(port(this.full), port(other)))) {
			await().during(Duration.ofSeconds(4)).until(() -> sentAway(this.full) + sentAway(other) == 0);
			assertThat(clients.stays()).isEmpty();
			assertThat(connections(this.full)).isEqualTo(CLIENTS / 2);
			assertThat(connections(other)).isEqualTo(CLIENTS / 2);

			try (MovingClients more = new MovingClients(CLIENTS, TOPIC, MovingClients.inTurn(port(this.full)))) {
				await().until(() -> sentAway(this.full) > 0);
				assertThat(more.problems()).isEmpty();
			}
			assertThat(sentAway(other)).isZero();
		}
	}

	@Test
	void aClientIsNotSentAwayTwiceWithinTheMinAge() {
		try (ConfigurableApplicationContext patient = start(PREFIX + "min-age=3s",
				PREFIX + "clients-per-minute=100000");
				MovingClients clients = new MovingClients(60, TOPIC, MovingClients.inTurn(port(patient)))) {
			// the balancer returns all of them, so some have to go twice
			await().atMost(Duration.ofSeconds(60)).until(() -> clients.stays().size() > 60);
			assertThat(clients.stays()).allMatch((stay) -> stay.compareTo(Duration.ofSeconds(3)) >= 0);
			// the node notices that, and stops: (60 − 30 − 16.4 / 2) · 4 + 20
			await().atMost(Duration.ofSeconds(60)).until(() -> sentAway(patient) >= 108);
			long gone = sentAway(patient);
			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(7)).until(() -> sentAway(patient) == gone);
			assertThat(clients.problems()).isEmpty();
		}
	}

	@Test
	void aNodeThatIsNotReadyNeitherSendsClientsAwayNorGetsAny() {
		List<StompTestClient> plain = new ArrayList<>();
		try (ConfigurableApplicationContext other = start();
				MovingClients clients = new MovingClients(20, TOPIC, MovingClients.inTurn(port(this.full)))) {
			AvailabilityChangeEvent.publish(other, ReadinessState.REFUSING_TRAFFIC);
			for (int i = 0; i < 20; i++) {
				plain.add(StompTestClient.connectPlain(port(this.full), "user" + i));
			}
			await().during(Duration.ofSeconds(3)).until(() -> sentAway(this.full) == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.REFUSING_TRAFFIC);
			AvailabilityChangeEvent.publish(other, ReadinessState.ACCEPTING_TRAFFIC);
			await().during(Duration.ofSeconds(3)).until(() -> sentAway(this.full) == 0);
			AvailabilityChangeEvent.publish(this.full, ReadinessState.ACCEPTING_TRAFFIC);
			await().until(() -> sentAway(this.full) > 5);
			// those who do not understand when to come back stay
			assertThat(plain).allMatch((client) -> client.closeCode == null);
			assertThat(clients.problems()).isEmpty();
		}
		finally {
			plain.forEach(StompTestClient::close);
		}
	}

	@Test
	void withoutTheRelayTheCountsAreNotKnownAndAllClientsStay() {
		List<StompTestClient> clients = new ArrayList<>();
		try (ConfigurableApplicationContext patient = start(PREFIX + "after=5s")) {
			for (int i = 0; i < 30; i++) {
				clients.add(StompTestClient.connect(port(patient), "user" + i));
			}
			this.redis.stop();
			await().during(Duration.ofSeconds(7)).until(() -> sentAway(patient) == 0);
			assertThat(patient.getBean(RealtimeNode.class).isConnected()).isFalse();
			assertThat(clients).allMatch((client) -> client.closeCode == null);
			this.redis.restart();
			await().atMost(Duration.ofSeconds(60)).until(() -> sentAway(patient) > 0);
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	private ConfigurableApplicationContext start(String... more) {
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

	private static int port(ConfigurableApplicationContext node) {
		return ChatNode.port(node);
	}

	private static int connections(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().connections().size();
	}

	private static long sentAway(ConfigurableApplicationContext node) {
		return (long) node.getBean(MeterRegistry.class).get("realtime.rebalance.sent.away").functionCounter().count();
	}

}
