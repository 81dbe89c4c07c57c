package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Redis loses everything while nodes and clients stay. */
class ForgottenNumberingIT {

	private static final Topic TOPIC = Topic.of("news");

	private static final String COMPARES_OFTEN = "realtime.repair.check-interval=200ms";

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = ChatNode.start(this.redis.port(), COMPARES_OFTEN);

	private final ConfigurableApplicationContext two = ChatNode.start(this.redis.port(), COMPARES_OFTEN);

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule4_aClientThatReturnsIsAnsweredAlthoughTheNewNumberingHasNoMessageYet() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.one), "bob");
				StompTestClient cid = StompTestClient.connect(ChatNode.port(this.two), "cid")) {
			ann.subscribe("s", "/topic/news");
			Position before = this.one.getBean(RealtimePublisher.class).publishAndWait("news", "before").position();
			ann.await("the message", StompFrame::isMessage);

			this.redis.say("FLUSHALL");
			await().atMost(Duration.ofSeconds(20)).until(() -> !position().sameEpoch(before));
			// The feed that opens on the other node begins a numbering.
			bob.subscribe("s", "/topic/news");

			StompFrame receipt = cid.subscribe("s", "/topic/news",
					Map.of("epoch", before.epoch(), "last-seq", String.valueOf(before.seq())));
			assertThat(receipt.headers()).containsEntry("recovered", "false").containsEntry("reason", "epoch-changed");
			this.one.getBean(RealtimePublisher.class).publishAndWait("news", "after");
			assertThat(cid.await("the next message", StompFrame::isMessage).body()).isEqualTo("after");
		}
	}

	private Position position() {
		Position position = this.two.getBean(RealtimeNode.class).hub().position(TOPIC);
		assertThat(position).isNotNull();
		return position;
	}

}
