package dev.realtime.spring.journey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long a connection may take until it is a STOMP session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectTimeContract {

	private final ConfigurableApplicationContext node;

	private final int port;

	ConnectTimeContract(String... properties) {
		String[] all = new String[properties.length + 2];
		all[0] = "realtime.limits.connect-timeout=1s";
		all[1] = "realtime.limits.connections-per-user=1";
		System.arraycopy(properties, 0, all, 2, properties.length);
		this.node = ChatNode.startAlone(all);
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_aConnectionWithoutConnectIsClosedWhateverItSends() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.raw("\nCONNECT\n");
			await().untilAsserted(() -> {
				client.rawIfOpen("a:b\n");
				client.pong();
				assertThat(client.closeCode).isEqualTo(1008);
			});
			assertThat(client.closeReason).isEqualTo("connect-timeout");
		}
	}

	@Test
	void aConnectionThatIsIntroducedStays() {
		try (StompTestClient early = StompTestClient.connect(this.port, "early");
				StompTestClient late = StompTestClient.open(this.port)) {
			await().untilAsserted(() -> assertThat(late.closeCode).isEqualTo(1008));
			early.subscribe("s", "/topic/room.1");
			assertThat(early.closeCode).isNull();
		}
	}

}
