package dev.realtime.test.shop;

import java.util.Map;

import dev.realtime.Content;
import dev.realtime.IllegalTopicException;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.test.PublishedMessage;
import dev.realtime.test.PublishedMessages;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A test knows what was published, and by whichever door. */
@RealtimeTest(classes = Shop.class)
class PublishedIT {

	@Autowired
	SimpMessagingTemplate template;

	@Autowired
	RealtimePublisher publisher;

	@Autowired
	OrderTopics topics;

	@Test
	void everyDoorIsNoted(PublishedMessages published, RealtimeTestClient client) {
		this.template.convertAndSend("/topic/order.p1", "one", Map.of("id", "p-1", "type", "step"));
		this.publisher.publishAndWait(Publication.of(Topic.of("order.p1"), Content.text("two")));
		this.publisher.publish(Publication.of(Topic.of("order.p1"), Content.text("three")))
			.toCompletableFuture()
			.join();
		this.topics.packed("p1", new Shop.Step("four", 4));
		client.send("/app/orders/p1/pack", new Shop.Step("five", 5));
		client.asUser("ann").send("room.p1", "six");
		assertThat(published.on("order.p1")).hasSize(5);
		assertThat(published.on("order.p1").texts()).startsWith("one", "two", "three");
		PublishedMessage first = published.all().get(0);
		assertThat(first.id()).isEqualTo("p-1");
		assertThat(first.type()).isEqualTo("step");
		assertThat(first.position().seq()).isEqualTo(1);
		assertThat(published.all().get(3).as(Shop.Step.class)).isEqualTo(new Shop.Step("four", 4));
		assertThat(published.on("room.p1")).singleElement().returns("ann", PublishedMessage::sender);
	}

	@Test
	void whatOneUserGetsIsNoted(PublishedMessages published) {
		this.template.convertAndSendToUser("ann", "/queue/notices", "psst");
		assertThat(published.on("_user.ann.queue.notices").texts()).containsExactly("psst");
	}

	/** The application context is the same in both runs. */
	@RepeatedTest(2)
	void eachTestSeesItsOwnAlone(PublishedMessages published) {
		assertThat(published).isEmpty();
		this.template.convertAndSend("/topic/order.p2", "packed");
		assertThat(published).extracting(PublishedMessage::text).containsExactly("packed");
	}

	@Test
	void whatIsNotPublishedIsNotNoted(PublishedMessages published) {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(
				() -> this.publisher.publish(Publication.of(Topic.of("_presence.room.1"), Content.text("join"))));
		for (int i = 0; i < 2; i++) {
			this.template.convertAndSend("/topic/order.p3", "packed", Map.of("id", "the same"));
		}
		assertThat(published).hasSize(1);
	}

	@Test
	void whatIsPublishedReachesSubscribersAsEver(PublishedMessages published, RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.p4");
		this.topics.packed("p4", new Shop.Step("packed", 1));
		assertThat(order.awaitMessage().position()).isEqualTo(published.all().get(0).position());
		order.expectNoMessage();
	}

	@Test
	void whatAnotherThreadPublishesIsAwaited(PublishedMessages published) {
		new SimpleAsyncTaskExecutor().execute(() -> this.topics.packed("p5", new Shop.Step("packed", 1)));
		assertThat(published.await((message) -> message.topic().name().equals("order.p5")).text()).contains("packed");
	}

}
