package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A node that leaves the fleet says so to each client. */
abstract class DrainContract {

	private final String[] properties;

	private final ConfigurableApplicationContext node;

	private final int port;

	DrainContract(String... properties) {
		this.properties = properties;
		this.node = ChatNode.startAlone(properties);
		this.port = ChatNode.port(this.node);
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void clientsGetWhatWaitsAreToldToReconnectAndAreClosedWith1012() {
		try (StompTestClient ours = StompTestClient.connect(this.port, "ann");
				StompTestClient plain = StompTestClient.connectPlain(this.port, "bob")) {
			ours.subscribe("sub-0", "/topic/room.drain");
			plain.subscribe("sub-0", "/topic/room.drain");
			for (int i = 0; i < 100; i++) {
				this.node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.drain", "m" + i);
			}
			Timer drain = this.node.getBean(MeterRegistry.class).get("realtime.drain").timer();
			CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.node::close);
			await().untilAsserted(() -> assertThat(ours.closeCode).isEqualTo(1012));
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1012));
			assertThat(ours.frames()).anyMatch((frame) -> frame.isEvent("reconnect"));
			assertThat(plain.frames()).noneMatch((frame) -> frame.isEvent("reconnect"));
			for (StompTestClient client : new StompTestClient[] { ours, plain }) {
				assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
			}
			stopping.orTimeout(20, TimeUnit.SECONDS).join();
			assertThat(drain.count()).isOne();
		}
		assertThatThrownBy(() -> StompTestClient.open(this.port)).hasRootCauseInstanceOf(java.io.IOException.class);
	}

	@Test
	void aNodeGoesOnWhileLoadBalancersSeeThatItIsNotReady() {
		List<String> with = new ArrayList<>(List.of(this.properties));
		with.addAll(List.of("realtime.drain.delay=5m", "realtime.drain.spread=100ms"));
		ConfigurableApplicationContext slow = ChatNode.startAlone(with.toArray(String[]::new));
		int itsPort = ChatNode.port(slow);
		SimpMessagingTemplate template = slow.getBean(SimpMessagingTemplate.class);
		ApplicationAvailability availability = slow.getBean(ApplicationAvailability.class);
		Thread closing = new Thread(slow::close);
		try (StompTestClient before = StompTestClient.connect(itsPort, "ann")) {
			before.subscribe("sub-0", "/topic/room.delay");
			closing.start();
			await().until(() -> availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);

			for (long seq = 1; seq <= 5; seq++) {
				long expected = seq;
				try (StompTestClient late = StompTestClient.connect(itsPort, "bob")) {
					late.subscribe("sub-0", "/topic/room.delay");
					template.convertAndSend("/topic/room.delay", "still here");
					await().untilAsserted(() -> assertThat(late.seqs()).containsExactly(expected));
				}
			}
			await().untilAsserted(() -> assertThat(before.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L));
			assertThat(before.frames()).noneMatch((frame) -> frame.isEvent("reconnect"));

			closing.interrupt();
			await().untilAsserted(() -> assertThat(before.closeCode).isEqualTo(1012));
			assertThat(before.frames()).anyMatch((frame) -> frame.isEvent("reconnect"));
			await().until(() -> !closing.isAlive());
		}
		finally {
			closing.interrupt();
			slow.close();
		}
	}

}
