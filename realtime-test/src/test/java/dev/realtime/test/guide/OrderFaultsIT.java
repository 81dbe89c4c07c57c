package dev.realtime.test.guide;

import java.time.Duration;
import java.util.Map;

import dev.realtime.test.PublishedMessages;
import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestTime;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@RealtimeTest
class OrderFaultsIT {

	@Autowired
	SimpMessagingTemplate template;

	@Test
	void anOrderIsPackedOnce(PublishedMessages published, RealtimeTestTime time) {
		this.template.convertAndSend("/topic/order.51", "packed", Map.of("id", "packed-51"));
		this.template.convertAndSend("/topic/order.51", "packed", Map.of("id", "packed-51"));
		assertThat(published.on("order.51")).hasSize(1);
		// realtime.topic-defaults.idempotency-window is 5m
		time.advance(Duration.ofMinutes(6));
		this.template.convertAndSend("/topic/order.51", "packed", Map.of("id", "packed-51"));
		assertThat(published.on("order.51").texts()).containsExactly("packed", "packed");
	}

	@Test
	void aLostRelayIsRepaired(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.52");
		RealtimeFaults.Outage outage = faults.loseAnnouncements();
		this.template.convertAndSend("/topic/order.52", "packed");
		outage.close();
		assertThat(order.awaitMessage().text()).isEqualTo("packed");
	}

	@Test
	void aLostHistoryIsTold(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.53");
		this.template.convertAndSend("/topic/order.53", "packed");
		order.awaitMessage();
		client.cut();
		faults.loseNumbering();
		client.reconnect();
		assertThat(order).isNotRecovered("epoch-changed");
	}

}
