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
import dev.realtime.testing.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A fleet of three nodes of which one cannot reach the relay. The test is the load
 * balancer: it sends clients to the nodes that are ready.
 */
abstract class IsolationContract {

	private static final int CLIENTS = 20;

	private static final String TOPIC = "room.isolation";

	/** Between each node and the relay. */
	private final List<TcpProxy> relays = new ArrayList<>();

	/** Before the health of each node. */
	private final List<TcpProxy> doors = new ArrayList<>();

	private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

	private final AtomicBoolean published = new AtomicBoolean();

	private final AtomicLong receipts = new AtomicLong();

	/** Where the relay is. */
	abstract int relayPort();

	/** Stops what carries messages, for all nodes. */
	abstract void stopRelay();

	/** Starts it again. */
	abstract void restartRelay();

	/** A node that reaches the relay at this port. */
	abstract ConfigurableApplicationContext start(int relayPort, String... properties);

	/** How nodes learn of each other. */
	abstract String peers(List<Integer> doors);

	@AfterEach
	void stop() {
		this.published.set(true);
		this.nodes.forEach(ConfigurableApplicationContext::close);
		this.relays.forEach(TcpProxy::close);
		this.doors.forEach(TcpProxy::close);
	}

	@Test
	void rule4_theClientsOfANodeThatIsCutOffMoveToOthersAndLoseNothing() throws InterruptedException {
		startNodes();
		ConfigurableApplicationContext cut = this.nodes.get(2);
		try (TcpProxy balancer = new TcpProxy(ChatNode.port(cut));
				StompTestClient elsewhere = StompTestClient.connect(ChatNode.port(this.nodes.get(1)), "kim")) {
			elsewhere.subscribe("sub-0", "/topic/" + TOPIC);
			List<Returning> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				clients.add(new Returning.OverWebSocket(balancer.port(), TOPIC));
			}
			Thread publisher = publish();
			await().until(() -> clients.stream().allMatch((client) -> !client.seqs().isEmpty()));
			assertThat(connections(cut)).isEqualTo(CLIENTS);

			this.relays.get(2).switchTo(1);
			await().atMost(Duration.ofSeconds(20)).until(() -> !isReady(cut));
			assertThat(health(cut)).contains("\"state\":\"isolated\"");
			balancer.sendNewTo(ChatNode.port(this.nodes.get(0)));
			await().atMost(Duration.ofSeconds(20)).until(() -> connections(cut) == 0);
			await().atMost(Duration.ofSeconds(20)).until(() -> connections(this.nodes.get(0)) == CLIENTS);
			assertThat(isReady(this.nodes.get(0))).isTrue();
			assertThat(elsewhere.closeCode).isNull();

			this.relays.get(2).switchTo(relayPort());
			await().atMost(Duration.ofSeconds(20)).until(() -> isReady(cut));
			balancer.sendNewTo(ChatNode.port(cut));
			try (Returning late = new Returning.OverWebSocket(balancer.port(), TOPIC)) {
				await().until(() -> !late.seqs().isEmpty());
				assertThat(connections(cut)).isEqualTo(1);
				this.published.set(true);
				publisher.join();
				List<Long> all = LongStream.rangeClosed(1, this.receipts.get()).boxed().toList();
				for (Returning client : clients) {
					await().atMost(Duration.ofSeconds(20))
						.untilAsserted(() -> assertThat(client.seqs()).isEqualTo(all));
				}
				await().untilAsserted(() -> assertThat(elsewhere.seqs()).isEqualTo(all));
				await().untilAsserted(() -> assertThat(late.seqs())
					.isEqualTo(all.subList((int) (late.seqs().get(0) - 1), all.size())));
			}
			assertThat(meter(cut, "realtime.isolations")).isEqualTo(1);
			assertThat(meter(cut, "realtime.isolation.sent.away")).isGreaterThanOrEqualTo(CLIENTS);
			assertThat(meter(this.nodes.get(0), "realtime.isolations")).isZero();
			clients.forEach(Returning::close);
		}
	}

	@Test
	void rule7_noNodeSendsClientsAwayWhileTheRelayIsAwayForAll() {
		startNodes();
		List<StompTestClient> clients = this.nodes.stream()
			.map((node) -> StompTestClient.connect(ChatNode.port(node), "ann"))
			.toList();
		try {
			stopRelay();
			for (ConfigurableApplicationContext node : this.nodes) {
				await().atMost(Duration.ofSeconds(20)).until(() -> health(node).contains("\"state\":\"away\""));
			}
			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
				assertThat(this.nodes).allMatch(IsolationContract::isReady);
				assertThat(clients).allMatch((client) -> client.closeCode == null);
			});
			restartRelay();
			for (ConfigurableApplicationContext node : this.nodes) {
				await().atMost(Duration.ofSeconds(20)).until(() -> health(node).contains("\"state\":\"connected\""));
				assertThat(meter(node, "realtime.isolations")).isZero();
			}
			assertThat(clients).allMatch((client) -> client.closeCode == null)
				.allMatch((client) -> client.frames().stream().noneMatch((frame) -> frame.isEvent("reconnect")));
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	@Test
	void twoOfThreeNodesKeepTheirClientsBecauseOneCannotTakeThem() {
		startNodes();
		try (StompTestClient one = StompTestClient.connect(ChatNode.port(this.nodes.get(1)), "ann");
				StompTestClient two = StompTestClient.connect(ChatNode.port(this.nodes.get(2)), "bob")) {
			this.relays.get(1).switchTo(1);
			this.relays.get(2).switchTo(1);
			await().atMost(Duration.ofSeconds(20)).until(() -> health(this.nodes.get(2)).contains("\"1 of 2\""));
			await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(8)).untilAsserted(() -> {
				assertThat(this.nodes).allMatch(IsolationContract::isReady);
				assertThat(one.closeCode).isNull();
				assertThat(two.closeCode).isNull();
			});
		}
	}

	private void startNodes() {
		for (int i = 0; i < 3; i++) {
			this.relays.add(new TcpProxy(relayPort()));
			this.doors.add(new TcpProxy(1));
		}
		String peers = peers(this.doors.stream().map(TcpProxy::port).toList());
		for (int i = 0; i < 3; i++) {
			ConfigurableApplicationContext node = start(this.relays.get(i).port(), peers,
					"realtime.isolation.interval=200ms", "realtime.isolation.after=1500ms",
					"realtime.isolation.return-after=1s", "realtime.drain.spread=500ms",
					"management.endpoints.web.exposure.include=health,realtimenode",
					"management.endpoint.health.probes.enabled=true", "management.endpoint.health.show-details=always");
			this.nodes.add(node);
			this.doors.get(i).sendNewTo(ChatNode.webPort(node));
		}
	}

	private Thread publish() {
		RealtimePublisher publisher = this.nodes.get(0).getBean(RealtimePublisher.class);
		Thread thread = new Thread(() -> {
			while (!this.published.get()) {
				publisher.publishAndWait(Publication.of(Topic.of(TOPIC), Content.text("m")));
				this.receipts.incrementAndGet();
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

	private static boolean isReady(ConfigurableApplicationContext node) {
		return Http.get(ChatNode.webPort(node), "/actuator/health/readiness").statusCode() == 200;
	}

	private static String health(ConfigurableApplicationContext node) {
		return Http.get(ChatNode.webPort(node), "/actuator/health").body();
	}

	private static double meter(ConfigurableApplicationContext node, String name) {
		return node.getBean(MeterRegistry.class).get(name).functionCounter().count();
	}

}
