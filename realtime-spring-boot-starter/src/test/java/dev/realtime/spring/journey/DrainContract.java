package dev.realtime.spring.journey;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A node that leaves the fleet says so to each client. */
abstract class DrainContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	DrainContract(String... properties) {
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
			CompletableFuture<Void> stopping = CompletableFuture.runAsync(this.node::close);
			await().untilAsserted(() -> assertThat(ours.closeCode).isEqualTo(1012));
			await().untilAsserted(() -> assertThat(plain.closeCode).isEqualTo(1012));
			assertThat(ours.frames()).anyMatch((frame) -> frame.isEvent("reconnect"));
			assertThat(plain.frames()).noneMatch((frame) -> frame.isEvent("reconnect"));
			for (StompTestClient client : new StompTestClient[] { ours, plain }) {
				assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
			}
			stopping.orTimeout(20, TimeUnit.SECONDS).join();
		}
		assertThatThrownBy(() -> StompTestClient.open(this.port)).hasRootCauseInstanceOf(java.io.IOException.class);
	}

}
