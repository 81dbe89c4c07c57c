package dev.realtime.test.shop;

import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application and its clients meet in production. */
@RealtimeTest(classes = Shop.class)
@TestMethodOrder(MethodOrderer.MethodName.class)
class FaultsIT {

	@Autowired
	SimpMessagingTemplate template;

	@Test
	void whatTheRelayLostIsRepairedWhenItIsBack(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.f1");
		RealtimeFaults.Outage outage = faults.loseAnnouncements();
		this.template.convertAndSend("/topic/order.f1", "one");
		this.template.convertAndSend("/topic/order.f1", "two");
		assertThat(order.messages()).isEmpty();
		outage.close();
		this.template.convertAndSend("/topic/order.f1", "three");
		order.awaitMessages(3);
		assertThat(order).hasNoGaps().hasTexts("one", "two", "three");
	}

	@Test
	void aMessageAfterALostOneBringsBoth(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.f2");
		TestSubscription other = client.subscribe("order.f3");
		RealtimeFaults.Outage outage = faults.loseAnnouncements();
		this.template.convertAndSend("/topic/order.f2", "one");
		outage.close();
		outage.close();
		this.template.convertAndSend("/topic/order.f2", "two");
		order.awaitMessages(2);
		assertThat(order).hasNoGaps().hasTexts("one", "two");
		other.expectNoMessage();
	}

	@Test
	void whatTheRelayHoldsComesInOrder(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.f4");
		RealtimeFaults.Outage outage = faults.holdAnnouncements();
		this.template.convertAndSend("/topic/order.f4", "one");
		this.template.convertAndSend("/topic/order.f4", "two");
		assertThat(order.messages()).isEmpty();
		outage.close();
		this.template.convertAndSend("/topic/order.f4", "three");
		order.awaitMessages(3);
		assertThat(order).hasNoGaps().hasTexts("one", "two", "three");
	}

	@Test
	void aLostNumberingBeginsANewEpoch(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.f5");
		RealtimeTestClient away = client.asUser("ann");
		TestSubscription returning = away.subscribe("order.f5");
		TestSubscription prices = client.subscribe("fault.*");
		this.template.convertAndSend("/topic/order.f5", "before");
		String epoch = order.awaitMessage().position().epoch();
		returning.awaitMessage();
		away.cut();
		faults.loseNumbering();
		this.template.convertAndSend("/topic/order.f5", "after");
		assertThat(order.awaitGap().reason()).isEqualTo("epoch-changed");
		assertThat(order.awaitMessage().seq()).isEqualTo(1);
		assertThat(order.messages().get(1).position().epoch()).isNotEqualTo(epoch);
		away.reconnect();
		assertThat(returning).isNotRecovered("epoch-changed");
		this.template.convertAndSend("/topic/fault.ACME", "1");
		assertThat(prices.awaitMessage().text()).isEqualTo("1");
	}

	/** After {@link #outagesEndWithTheTest1}, in the same application context. */
	@Test
	void outagesEndWithTheTest2(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.f6");
		this.template.convertAndSend("/topic/order.f6", "arrives");
		assertThat(order.awaitMessage().text()).isEqualTo("arrives");
	}

	@Test
	void outagesEndWithTheTest1(RealtimeFaults faults) {
		assertThat(faults.loseAnnouncements()).isNotNull();
		assertThat(faults.holdAnnouncements()).isNotNull();
	}

}
