package dev.realtime.test.guide;

import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@RealtimeTest
class OrderMessagesIT {

	@Autowired
	SimpMessagingTemplate template;

	@Test
	void aSubscriberGetsWhatIsPublished(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.42");
		this.template.convertAndSend("/topic/order.42", new Step("packed", 3));
		assertThat(order.awaitMessage().as(Step.class)).isEqualTo(new Step("packed", 3));
	}

	@Test
	void aLaterSubscriberGetsTheHistory(RealtimeTestClient client) {
		this.template.convertAndSend("/topic/order.43", "packed");
		TestSubscription order = client.subscribeWithHistory("order.43", 10);
		assertThat(order.awaitMessage().text()).isEqualTo("packed");
	}

	@Test
	void aClientThatWasCutOffMissesNothing(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.44");
		client.cut();
		this.template.convertAndSend("/topic/order.44", "packed");
		this.template.convertAndSend("/topic/order.44", "shipped");
		client.reconnect();
		order.awaitMessages(2);
		assertThat(order).isRecovered().hasNoGaps().hasTexts("packed", "shipped");
	}

	@Test
	void anotherOrderIsNotToldOfIt(RealtimeTestClient client) {
		TestSubscription order = client.asUser("ann").subscribe("order.45");
		this.template.convertAndSend("/topic/order.46", "packed");
		order.expectNoMessage();
	}

	record Step(String what, int items) {
	}

}
