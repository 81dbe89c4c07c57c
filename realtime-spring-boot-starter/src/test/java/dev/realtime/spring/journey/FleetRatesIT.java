package dev.realtime.spring.journey;

import java.util.Map;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A user's rate holds for all nodes together. */
class FleetRatesIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = node();

	private final ConfigurableApplicationContext two = node();

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void aUserWhoHasSentEnoughOnOneNodeIsDeniedOnTheOther() {
		try (StompTestClient here = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient there = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
			for (int i = 0; i < 20; i++) {
				here.send("SEND", Map.of("destination", "/app/say", "receipt", "r" + i), "x");
			}
			here.await("all are taken", (frame) -> "r19".equals(frame.get("receipt-id")));
			assertThat(here.frames()).noneMatch((frame) -> frame.isEvent("denied"));
			int[] sent = new int[1];
			await().until(() -> {
				String receipt = "s" + sent[0]++;
				there.send("SEND", Map.of("destination", "/app/say", "receipt", receipt), "x");
				return there.await("an answer", (frame) -> receipt.equals(frame.get("receipt-id"))).isEvent("denied");
			});
			assertThat(sent[0]).isLessThan(20);
		}
	}

	private ConfigurableApplicationContext node() {
		return StreamNode.start(this.redis.port(), "realtime.rates.fleet-wide=true", "realtime.rates.publishes=1",
				"realtime.rates.burst=20s", "realtime.rates.user-factor=1");
	}

}
