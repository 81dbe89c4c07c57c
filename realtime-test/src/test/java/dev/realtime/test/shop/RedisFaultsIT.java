package dev.realtime.test.shop;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import dev.realtime.presence.Presence;
import dev.realtime.presence.redis.RedisPresence;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.redis.RedisRestrictionStore;
import dev.realtime.test.ReceivedMessage;
import dev.realtime.test.RealtimeFaults;
import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestKit;
import dev.realtime.test.RealtimeTestTime;
import dev.realtime.test.TestPresence;
import dev.realtime.test.TestSubscription;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The faults of an application whose topics are in a real Redis. */
@DirtiesContext
@RealtimeTest(classes = Shop.class, broker = "redis", properties = "realtime.redis.prefix=" + RedisFaultsIT.PREFIX)
@TestMethodOrder(MethodOrderer.MethodName.class)
class RedisFaultsIT {

	static final String PREFIX = "faults";

	@Autowired
	SimpMessagingTemplate template;

	@Autowired
	ConfigurableApplicationContext application;

	@DynamicPropertySource
	static void redis(DynamicPropertyRegistry properties) {
		properties.add("spring.data.redis.port", RedisServer.shared()::port);
	}

	@Test
	void theOtherPartsOfTheNodeStayInRedis() {
		assertThat(this.application.getBean(Presence.class)).isInstanceOf(RedisPresence.class);
		assertThat(this.application.getBean(RestrictionStore.class)).isInstanceOf(RedisRestrictionStore.class);
	}

	@Test
	void whatTheRelayLostIsRepairedWhenItIsBack(RealtimeTestClient client, RealtimeFaults faults) {
		try (ConfigurableApplicationContext other = otherNode();
				RealtimeTestClient client2 = RealtimeTestClient.of(other)) {
			TestSubscription order = client.subscribe("order.r1");
			TestSubscription there = client2.subscribe("order.r1");
			RealtimeFaults.Outage outage = faults.loseAnnouncements();
			publish("order.r1", "one", "two");
			there.awaitMessages(2);
			assertThat(order.messages()).isEmpty();
			outage.close();
			order.awaitMessages(2);
			publish("order.r1", "three");
			order.awaitMessage();
			assertThat(order).hasNoGaps().hasTexts("one", "two", "three");
		}
	}

	@Test
	void whatTheRelayHoldsComesInOrder(RealtimeTestClient client, RealtimeFaults faults) {
		try (ConfigurableApplicationContext other = otherNode();
				RealtimeTestClient client2 = RealtimeTestClient.of(other)) {
			TestSubscription order = client.subscribe("order.r2");
			TestSubscription there = client2.subscribe("order.r2");
			RealtimeFaults.Outage outage = faults.holdAnnouncements();
			publish("order.r2", "one", "two");
			there.awaitMessages(2);
			assertThat(order.messages()).isEmpty();
			outage.close();
			publish("order.r2", "three");
			order.awaitMessages(3);
			assertThat(order).hasNoGaps().hasTexts("one", "two", "three");
		}
	}

	@Test
	void aLostNumberingBeginsANewEpoch(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.r3");
		RealtimeTestClient away = client.asUser("ann");
		TestSubscription returning = away.subscribe("order.r3");
		TestSubscription prices = client.subscribe("fault.*");
		publish("order.r3", "before");
		String epoch = order.awaitMessage().position().epoch();
		returning.awaitMessage();
		away.cut();
		faults.loseNumbering();
		publish("order.r3", "after");
		assertThat(order.awaitGap().reason()).isEqualTo("epoch-changed");
		ReceivedMessage after = order.awaitMessage();
		assertThat(after.seq()).isEqualTo(1);
		assertThat(after.position().epoch()).isNotEqualTo(epoch);
		away.reconnect();
		assertThat(returning).isNotRecovered("epoch-changed");
		publish("fault.ACME", "1");
		assertThat(prices.awaitMessage().text()).isEqualTo("1");
	}

	@Test
	void aLostNumberingIsToldAtOnce(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.r4");
		publish("order.r4", "before");
		order.awaitMessage();
		faults.loseNumbering();
		assertThat(order.awaitGap().reason()).isEqualTo("epoch-changed");
	}

	@Test
	void historyAndIdsAreLostToo(RealtimeTestClient client, RealtimeFaults faults) {
		this.template.convertAndSend("/topic/order.r5", "packed", Map.of("id", "m-1"));
		faults.loseNumbering();
		TestSubscription order = client.subscribeWithHistory("order.r5", 10);
		this.template.convertAndSend("/topic/order.r5", "packed again", Map.of("id", "m-1"));
		assertThat(order.awaitMessage().text()).isEqualTo("packed again");
	}

	@Test
	void keysOfOthersStay(RealtimeFaults faults) {
		RedisServer redis = RedisServer.shared();
		redis.say("SET cart:7 mine");
		redis.say("SET other-faults:{7.4ox}:n:room mine");
		redis.say("SET " + PREFIX + ":{7.4ox}:n:room ours");
		faults.loseNumbering();
		assertThat(redis.say("EXISTS cart:7")).startsWith(":1");
		assertThat(redis.say("EXISTS other-faults:{7.4ox}:n:room")).startsWith(":1");
		assertThat(redis.say("EXISTS " + PREFIX + ":{7.4ox}:n:room")).startsWith(":0");
		assertThat(redis.say("EXISTS " + PREFIX + ":fleet")).startsWith(":1");
	}

	@Test
	void usersArePresentAgainAfterTheirNodeHasRenewedItsLeases(RealtimeTestClient client, RealtimeFaults faults,
			RealtimeTestTime time) {
		RealtimeTestClient ann = client.asUser("ann");
		ann.subscribe("room.r6");
		TestPresence presence = client.asUser("bob").presence("room.r6");
		faults.loseNumbering();
		assertThat(presence.members()).doesNotContain("ann");
		// realtime.presence.refresh is 30s
		time.advance(Duration.ofSeconds(31));
		await().until(presence::members, Set.of("ann")::equals);
	}

	@Test
	void aClientThatWasCutOffRecovers(RealtimeTestClient client, RealtimeFaults faults) {
		TestSubscription order = client.subscribe("order.r7");
		client.cut();
		RealtimeFaults.Outage outage = faults.loseAnnouncements();
		publish("order.r7", "one", "two");
		client.reconnect();
		outage.close();
		order.awaitMessages(2);
		assertThat(order).isRecovered().hasNoGaps().hasTexts("one", "two");
	}

	@Test
	void aClientThatDoesNotReadMissesWhatItsQueueCannotHold(RealtimeTestClient client) {
		TestSubscription cursors = client.subscribe("cursor.r8");
		TestSubscription other = client.asUser("ann").subscribe("cursor.r8");
		client.stopReading();
		for (int i = 1; i <= 12; i++) {
			publish("cursor.r8", "at " + i);
			other.awaitMessage();
		}
		client.resumeReading();
		cursors.awaitMessages(5);
		assertThat(cursors).hasGap("overflow").hasTexts("at 8", "at 9", "at 10", "at 11", "at 12");
	}

	/** After {@link #zOutagesEndWithTheTest1}, in the same application context. */
	@Test
	void zOutagesEndWithTheTest2(RealtimeTestClient client) {
		TestSubscription order = client.subscribe("order.r9");
		publish("order.r9", "arrives");
		assertThat(order.awaitMessage().text()).isEqualTo("arrives");
	}

	@Test
	void zOutagesEndWithTheTest1(RealtimeFaults faults) {
		assertThat(faults.loseAnnouncements()).isNotNull();
		assertThat(faults.holdAnnouncements()).isNotNull();
	}

	private void publish(String topic, String... texts) {
		for (String text : texts) {
			this.template.convertAndSend("/topic/" + topic, text);
		}
	}

	private static ConfigurableApplicationContext otherNode() {
		return new SpringApplicationBuilder(Shop.class).initializers(new RealtimeTestKit())
			.run("--server.port=0", "--spring.data.redis.port=" + RedisServer.shared().port(),
					"--realtime.broker=redis", "--realtime.redis.prefix=" + PREFIX);
	}

}
