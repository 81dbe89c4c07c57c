package dev.realtime.spring.journey;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections get no older than the service allows. */
abstract class ConnectionAgeContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	ConnectionAgeContract(String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "realtime.limits.connection-age=10s";
		this.node = ChatNode.startAlone(all);
		this.port = ChatNode.port(this.node);
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void aConnectionIsAskedToReconnectBeforeItIsTooOldAndThenClosed() {
		long begun = System.nanoTime();
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient plain = StompTestClient.connectPlain(this.port, "bob");
				EventStream stream = EventStream.open(this.port, "topic=room.1&login=ann")) {
			ann.subscribe("sub-0", "/topic/room.1");
			await().atMost(Duration.ofSeconds(14)).untilAsserted(() -> {
				assertThat(ann.closeCode).isEqualTo(1012);
				assertThat(plain.closeCode).isEqualTo(1012);
				assertThat(stream.ended).isTrue();
			});
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(8));
			assertThat(ann.frames()).filteredOn((frame) -> frame.isEvent("reconnect"))
				.singleElement()
				.satisfies((frame) -> assertThat(frame.header("after-ms")).isEqualTo("1000"));
			assertThat(stream.events("reconnect")).hasSize(1);
			assertThat(plain.frames()).hasSize(1);
		}
	}

}
