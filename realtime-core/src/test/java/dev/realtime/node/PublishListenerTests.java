package dev.realtime.node;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is told of publications. */
class PublishListenerTests {

	private static final Topic TOPIC = Topic.of("room.42");

	private final PublisherNode node = new PublisherNode("test", new MemoryBroker(Clock.systemUTC()),
			TopicPolicies.all(TopicPolicy.DEFAULT), Duration.ofSeconds(1));

	private final List<String> told = new ArrayList<>();

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void eachPublicationIsToldWithItsOutcome() {
		this.node.onPublished((topic, nanos, failure) -> {
			assertThat(nanos).isNotNegative();
			this.told.add(topic + ((failure == null) ? " stored" : " failed"));
		});
		assertThatThrownBy(() -> Await.result(this.node.publish(publication()))).hasMessageContaining("not started");
		this.node.start();
		Await.result(this.node.publish(publication()));

		assertThat(this.told).containsExactly("room.42 failed", "room.42 stored");
		assertThat(this.node.published()).isOne();
		assertThat(this.node.publishFailures()).isOne();
	}

	@Test
	void rule9_aListenerThatThrowsDoesNotBecomeThePublishersOutcome() {
		this.node.start();
		this.node.onPublished((topic, nanos, failure) -> {
			throw new AssertionError("on purpose");
		});

		assertThat(Await.result(this.node.publish(publication())).position().seq()).isOne();
		assertThat(Await.result(this.node.publish(publication())).position().seq()).isEqualTo(2);
	}

	private static Publication publication() {
		return Publication.of(TOPIC, Content.text("text"));
	}

}
