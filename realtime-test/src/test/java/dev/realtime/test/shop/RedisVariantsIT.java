package dev.realtime.test.shop;

import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.TestSubscription;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The faults of applications that use Redis in other ways. */
class RedisVariantsIT {

	@Nested
	@DirtiesContext
	@RealtimeTest(classes = Shop.class, broker = "redis", properties = "realtime.redis.prefix=cluster-faults")
	class OnACluster extends Variants {

		@DynamicPropertySource
		static void redis(DynamicPropertyRegistry properties) {
			properties.add("spring.data.redis.cluster.nodes",
					() -> RedisCluster.shared().masters().stream().map((each) -> "127.0.0.1:" + each.port()).toList());
		}

	}

	@Nested
	@DirtiesContext
	@RealtimeTest(classes = Shop.class, broker = "redis",
			properties = { "realtime.redis.prefix=continuing-faults", "realtime.redis.failover=continue" })
	class WhereTopicsGoOnAfterAFailover extends Variants {

		@DynamicPropertySource
		static void redis(DynamicPropertyRegistry properties) {
			properties.add("spring.data.redis.port", RedisServer.shared()::port);
		}

	}

	/** Some topics of the database go on, all others do not. */
	@Nested
	@DirtiesContext
	@RealtimeTest(classes = Shop.class, broker = "redis",
			properties = { "realtime.redis.prefix=durable-faults", "realtime.log=jdbc",
					"realtime.topics.cursors.durable=false", "spring.datasource.url=jdbc:h2:mem:durable-faults" })
	class BesideADatabase extends Variants {

		@DynamicPropertySource
		static void redis(DynamicPropertyRegistry properties) {
			properties.add("spring.data.redis.port", RedisServer.shared()::port);
		}

		@Test
		void topicsOfTheDatabaseKeepTheirNumbering(RealtimeTestClient client, RealtimeFaults faults) {
			TestSubscription order = client.subscribe("order.v1");
			publish("order.v1", "1");
			String epoch = order.awaitMessage().position().epoch();
			faults.loseNumbering();
			publish("order.v1", "2");
			assertThat(order.awaitMessage().position().epoch()).isEqualTo(epoch);
			assertThat(order).hasNoGaps();
		}

	}

	/** The same with each Redis. */
	abstract static class Variants {

		@Autowired
		SimpMessagingTemplate template;

		@Test
		void topicsOfAllPartitionsLoseTheirNumbering(RealtimeTestClient client, RealtimeFaults faults) {
			for (int i = 1; i <= 8; i++) {
				TestSubscription cursor = client.subscribe("cursor.v" + i);
				publish("cursor.v" + i, "before");
				cursor.awaitMessage();
			}
			faults.loseNumbering();
			for (int i = 1; i <= 8; i++) {
				TestSubscription cursor = client.asUser("ann").subscribeWithHistory("cursor.v" + i, 10);
				publish("cursor.v" + i, "after");
				assertThat(cursor.awaitMessage().text()).isEqualTo("after");
				assertThat(cursor.messages().get(0).seq()).isEqualTo(1);
			}
		}

		@Test
		void whatTheRelayLostIsRepairedWhenItIsBack(RealtimeTestClient client, RealtimeFaults faults) {
			TestSubscription cursor = client.subscribe("cursor.v9");
			RealtimeFaults.Outage outage = faults.loseAnnouncements();
			publish("cursor.v9", "one");
			outage.close();
			publish("cursor.v9", "two");
			cursor.awaitMessages(2);
			assertThat(cursor).hasNoGaps().hasTexts("one", "two");
		}

		void publish(String topic, String text) {
			this.template.convertAndSend("/topic/" + topic, text);
		}

	}

}
