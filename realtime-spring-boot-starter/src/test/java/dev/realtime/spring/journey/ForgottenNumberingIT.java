package dev.realtime.spring.journey;

import java.util.List;
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

/** Redis loses everything while nodes and clients stay. */
class ForgottenNumberingIT {

	private static final Topic TOPIC = Topic.of("news");

	private static final String COMPARES_NEVER = "realtime.repair.check-interval=1h";

	private final RedisServer redis = RedisServer.startProcess();

	private final ConfigurableApplicationContext one = ChatNode.start(this.redis.port(), COMPARES_NEVER);

	private final ConfigurableApplicationContext two = ChatNode.start(this.redis.port(), COMPARES_NEVER);

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void rule4_aClientThatReturnsIsAnsweredAlthoughTheNewNumberingHasNoMessageYet() {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.two), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob");
				StompTestClient cid = StompTestClient.connect(ChatNode.port(this.one), "cid");
				StompTestClient dan = StompTestClient.connect(ChatNode.port(this.two), "dan")) {
			ann.subscribe("s", "/topic/news");
			RealtimePublisher publisher = this.one.getBean(RealtimePublisher.class);
			Position before = publisher.publishAndWait("news", "1").position();
			publisher.publishAndWait("news", "2");
			ann.await("the last message", (frame) -> frame.body().equals("2"));

			this.redis.say("FLUSHALL");
			// The node learns that the topic has no numbering.
			assertNotRecovered(bob, before);
			assertThat(position().sameEpoch(before)).isFalse();
			// The other node begins one.
			cid.subscribe("s", "/topic/news");

			assertNotRecovered(dan, before);
			publisher.publishAndWait("news", "3");
			for (StompTestClient each : List.of(ann, bob, cid, dan)) {
				each.await("the next message", (frame) -> frame.body().equals("3"));
			}
		}
	}

	private static void assertNotRecovered(StompTestClient client, Position from) {
		StompFrame receipt = client.subscribe("s", "/topic/news",
				Map.of("epoch", from.epoch(), "last-seq", String.valueOf(from.seq())));
		assertThat(receipt.headers()).containsEntry("recovered", "false").containsEntry("reason", "epoch-changed");
	}

	private Position position() {
		Position position = this.two.getBean(RealtimeNode.class).hub().position(TOPIC);
		assertThat(position).isNotNull();
		return position;
	}

}
