package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Redis goes away under a running fleet and comes back with nothing. */
class RedisAwayIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = ChatNode.start(this.redis.port(),
			"management.endpoint.health.show-details=always");

	private final ConfigurableApplicationContext two = ChatNode.start(this.redis.port());

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule4_aRedisThatRestartsEmptyGivesANewEpochAndNothingIsCalledRecovered() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			client.subscribe("sub-0", "/topic/room.1");
			for (int i = 0; i < 10; i++) {
				publish(this.two, "before");
			}
			StompFrame last = client.await("the tenth message", (frame) -> frame.isMessage() && frame.seq() == 10);
			this.redis.stop();
			this.redis.restart();
			await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> {
				publish(this.two, "after");
				return true;
			});
			StompFrame after = client.await("a message of the new epoch",
					(frame) -> frame.isMessage() && !frame.header("epoch").equals(last.header("epoch")));
			assertThat(after.seq()).isEqualTo(1);
			assertThat(client.frames()).anyMatch((frame) -> frame.isEvent("gap")
					&& frame.header("reason").equals("epoch-changed") && frame.header("to").equals("0"));
			try (StompTestClient back = StompTestClient.connect(ChatNode.port(this.two), "ann")) {
				StompFrame outcome = back.subscribe("sub-0", "/topic/room.1",
						Map.of("epoch", last.header("epoch"), "last-seq", "10"));
				assertThat(outcome.headers()).containsEntry("recovered", "false")
					.containsEntry("reason", "epoch-changed");
			}
		}
	}

	@Test
	void rule7_whileRedisIsAwaySocketsStayOpenAndPublishingFailsClearly() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			client.subscribe("sub-0", "/topic/room.1");
			publish(this.two, "before");
			client.await("the first message", StompFrame::isMessage);
			assertThat(health()).contains("\"brokerConnected\":true");
			this.redis.stop();
			await().untilAsserted(
					() -> assertThatExceptionOfType(PublishException.class).isThrownBy(() -> publish(this.one, "lost"))
						.withMessageContaining("Redis"));
			await().untilAsserted(() -> assertThat(health()).contains("\"brokerConnected\":false"));
			assertThat(client.closeCode).isNull();
			this.redis.restart();
			await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> {
				publish(this.two, "after");
				return true;
			});
			client.await("a message after it is back", (frame) -> frame.isMessage() && frame.body().equals("after"));
			await().untilAsserted(() -> assertThat(health()).contains("\"brokerConnected\":true"));
			assertThat(client.closeCode).isNull();
		}
	}

	@Test
	void rule7_aRedisThatRefusesToWriteIsNamedToThePublisherAndInHealthAndSocketsStayOpen() {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(this.one), "ann")) {
			client.subscribe("sub-0", "/topic/room.1");
			publish(this.two, "before");
			client.await("the first message", StompFrame::isMessage);
			this.redis.say("REPLICAOF 127.0.0.1 " + this.redis.port());
			String sentence = "Redis is read-only because it is a replica";
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> publish(this.one, "lost"))
				.withMessageContaining(sentence);
			assertThat(health()).contains("\"status\":\"DOWN\"")
				.contains("\"brokerConnected\":true")
				.contains("\"problem\":\"" + sentence);
			this.redis.say("REPLICAOF NO ONE");
			await().untilAsserted(() -> assertThat(health()).doesNotContain("\"problem\""));
			publish(this.two, "after");
			StompFrame after = client.await("a message after it takes writes again",
					(frame) -> frame.isMessage() && frame.body().equals("after"));
			assertThat(after.seq()).isEqualTo(2);
			assertThat(client.closeCode).isNull();
		}
	}

	private String health() {
		return Http.get(ChatNode.webPort(this.one), "/actuator/health").body();
	}

	private static void publish(ConfigurableApplicationContext node, String text) {
		node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of("room.1"), Content.text(text)));
	}

}
