package dev.realtime.test.shop;

import java.time.Duration;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestTime;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;

import static org.assertj.core.api.Assertions.assertThat;

/** Windows and times to live pass at once. */
@DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
@RealtimeTest(classes = Shop.class)
class TimeIT {

	@Test
	void anIdIsForgottenAfterItsWindow(RealtimeTestClient client, RealtimeTestTime time) {
		TestSubscription room = client.subscribe("room.2");
		client.send("room.2", "one", Map.of("id", "m-1"));
		assertThat(client.send("room.2", "one", Map.of("id", "m-1")).isDuplicate()).isTrue();
		time.advance(Duration.ofMinutes(6));
		assertThat(client.send("room.2", "one", Map.of("id", "m-1")).isDuplicate()).isFalse();
		assertThat(room.awaitMessages(2)).hasSize(2);
	}

	@Test
	void aMessageIsNotReplayedAfterItsTimeToLive(RealtimeTestClient client, RealtimeTestTime time,
			@Autowired RealtimePublisher publisher) {
		publisher.publishAndWait(Publication.to(Topic.of("order.1"))
			.content(Content.text("one hour"))
			.timeToLive(Duration.ofHours(1))
			.build());
		assertThat(client.subscribeWithHistory("order.1", 10).awaitMessage().text()).isEqualTo("one hour");
		time.advance(Duration.ofHours(2));
		publisher.publishAndWait(Publication.of(Topic.of("order.1"), Content.text("for ever")));
		assertThat(client.subscribeWithHistory("order.1", 10).awaitMessage().text()).isEqualTo("for ever");
	}

}
