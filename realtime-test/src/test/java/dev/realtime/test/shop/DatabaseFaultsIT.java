package dev.realtime.test.shop;

import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The faults of an application whose topics are in a database. */
class DatabaseFaultsIT {

	@Nested
	@RealtimeTest(classes = Shop.class, broker = "jdbc", properties = "spring.datasource.url=jdbc:h2:mem:faults")
	class WithAllTopicsThere extends Databases {

	}

	@Nested
	@RealtimeTest(classes = Shop.class,
			properties = { "realtime.log=jdbc", "spring.datasource.url=jdbc:h2:mem:faults-beside-memory" })
	class BesideTheMemory extends Databases {

	}

	/** The same with each broker. */
	abstract static class Databases {

		@Autowired
		SimpMessagingTemplate template;

		@Test
		void whatTheRelayLostIsRepairedWhenItIsBack(RealtimeTestClient client, RealtimeFaults faults) {
			TestSubscription order = client.subscribe("order.d1");
			RealtimeFaults.Outage outage = faults.loseAnnouncements();
			this.template.convertAndSend("/topic/order.d1", "one");
			assertThat(order.messages()).isEmpty();
			outage.close();
			this.template.convertAndSend("/topic/order.d1", "two");
			order.awaitMessages(2);
			assertThat(order).hasNoGaps().hasTexts("one", "two");
		}

		@Test
		void whatTheRelayHoldsComesInOrder(RealtimeTestClient client, RealtimeFaults faults) {
			TestSubscription order = client.subscribe("order.d2");
			RealtimeFaults.Outage outage = faults.holdAnnouncements();
			this.template.convertAndSend("/topic/order.d2", "one");
			assertThat(order.messages()).isEmpty();
			outage.close();
			this.template.convertAndSend("/topic/order.d2", "two");
			order.awaitMessages(2);
			assertThat(order).hasNoGaps().hasTexts("one", "two");
		}

		@Test
		void aNumberingInADatabaseCannotBeLost(RealtimeFaults faults) {
			assertThatIllegalStateException().isThrownBy(faults::loseNumbering)
				.withMessageContaining("needs topics in memory or in Redis")
				.withMessageContaining("realtime.broker=memory");
		}

	}

}
