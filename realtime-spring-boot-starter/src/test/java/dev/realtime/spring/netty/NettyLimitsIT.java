package dev.realtime.spring.netty;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** A listener with few places, whose clients must not be silent for long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NettyLimitsIT {

	private static final Duration PING = Duration.ofSeconds(1);

	private final ConfigurableApplicationContext node = ListeningNode.start("realtime.netty.max-connections=3",
			"realtime.netty.ping-interval=" + PING.toSeconds() + "s");

	private final int port = ListeningNode.port(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void whoAnswersNoPingIsClosedAndWhoDoesStays() throws IOException {
		try (RawClient gone = RawClient.connect(this.port); RawClient here = RawClient.connect(this.port)) {
			long begin = System.nanoTime();
			for (int i = 0; i < 3; i++) {
				here.await(ClientFrame.PING);
				here.send(ClientFrame.last(ClientFrame.PONG, new byte[0]));
			}
			assertThat(gone.awaitClose()).isEqualTo(4000);
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(PING.multipliedBy(2));
			here.subscribe("echo").send(ClientFrame.text("SEND\ndestination:/app/echo\n\nstill here\0"));
			here.awaitText("still here");
		}
	}

	@Test
	void whoSaysAnythingNeedNotAnswerPings() throws IOException {
		try (RawClient busy = RawClient.connect(this.port)) {
			for (int i = 0; i < 2; i++) {
				busy.await(ClientFrame.PING);
				busy.send(ClientFrame.text("\n"));
			}
			busy.subscribe("echo");
		}
	}

	@Test
	void moreConnectionsThanAllowedAreTurnedAwayUntilOneEnds() throws IOException {
		try (RawClient one = awaitRoom(); RawClient two = awaitRoom()) {
			try (RawClient three = awaitRoom(); RawClient four = RawClient.dial(this.port)) {
				assertThat(four.send(RawClient.handshake()).readToEnd()).startsWith("HTTP/1.1 503 ")
					.endsWith("The node has reached its limit of connections\n");
				three.introduce();
			}
			try (RawClient five = awaitRoom()) {
				five.introduce();
			}
			one.introduce();
			two.introduce();
		}
	}

	/** The server sees a moment later that an earlier connection has ended. */
	private RawClient awaitRoom() {
		return Awaitility.await("room for one more").until(() -> {
			RawClient client = RawClient.dial(this.port);
			if (client.send(RawClient.handshake()).readHead().startsWith("HTTP/1.1 101 ")) {
				return client;
			}
			client.close();
			return null;
		}, Objects::nonNull);
	}

}
