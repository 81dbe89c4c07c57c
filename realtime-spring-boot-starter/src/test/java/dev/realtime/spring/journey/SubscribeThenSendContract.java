package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client that subscribes and sends without waiting for a receipt gets its own message,
 * however long the log takes to say where live delivery starts.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class SubscribeThenSendContract {

	private static final AtomicInteger topics = new AtomicInteger();

	private final ConfigurableApplicationContext node;

	SubscribeThenSendContract(String database, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("realtime.limits.subscribe-timeout=5s", "spring.datasource.hikari.maximum-pool-size=10"));
		all.addAll(List.of(properties));
		this.node = DurableNode.start(List.of(Shop.class, Slowness.class), RedisServer.shared().port(),
				"jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1", all.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "durable.slow", "fleeting.slow" })
	void aClientsOwnMessageReachesIt(String prefix) {
		String topic = newTopic(prefix);
		try (StompTestClient ann = connect("ann")) {
			subscribe(ann, "s", topic);
			send(ann, "/topic/" + topic, "mine");
			assertGetsFirst(ann, "mine");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "durable", "fleeting" })
	void withNothingSlowedDownAsWell(String prefix) {
		try (StompTestClient ann = connect("ann")) {
			for (int i = 0; i < 50; i++) {
				String topic = newTopic(prefix);
				subscribe(ann, "s" + i, topic);
				send(ann, "/topic/" + topic, "mine " + i);
			}
			await().until(() -> ann.messages().size() == 50);
			assertThat(ann.seqs()).containsOnly(1L);
		}
	}

	@RepeatedTest(3)
	void oneWebSocketMessageMayContainAllFramesAndTheyKeepTheirOrder() {
		String topic = newTopic("durable.slow");
		try (StompTestClient ann = connect("ann")) {
			ann.raw("SUBSCRIBE\nid:s\ndestination:/topic/" + topic + "\nreceipt:r-s\n\n\0" + sendFrame(topic, "mine")
					+ sendFrame(topic, "more") + "UNSUBSCRIBE\nid:other\nreceipt:left\n\n\0");
			send(ann, "/topic/" + topic, "last");
			await().until(() -> ann.messages().size() == 3);
			assertThat(ann.messages()).extracting(StompFrame::body).containsExactly("mine", "more", "last");
			assertThat(ann.seqs()).containsExactly(1L, 2L, 3L);
			ann.await("the UNSUBSCRIBE's receipt", (frame) -> "left".equals(frame.get("receipt-id")));
			assertThat(ann.frames()).extracting((frame) -> frame.get("receipt-id")).containsSubsequence("r-s", "left");
		}
	}

	@Test
	void whatAHandlerPublishesInAnswerReachesTheClient() {
		String topic = newTopic("durable.slow");
		try (StompTestClient ann = connect("ann")) {
			subscribe(ann, "s", topic);
			send(ann, "/app/tell/" + topic, "answer");
			assertGetsFirst(ann, "answer");
		}
	}

	@Test
	void whatASubscribeMappingPublishesReachesTheClient() {
		String topic = newTopic("durable.slow");
		try (StompTestClient ann = connect("ann")) {
			subscribe(ann, "s", topic);
			ann.send("SUBSCRIBE", Map.of("id", "hello", "destination", "/app/hello/" + topic), "");
			assertGetsFirst(ann, "hello");
		}
	}

	@Test
	void whatAHandlerPublishesInATransactionReachesTheClient() {
		String topic = newTopic("durable.slow");
		try (StompTestClient ann = connect("ann")) {
			subscribe(ann, "s", topic);
			send(ann, "/app/order/" + topic, "ordered");
			assertGetsFirst(ann, "ordered");
		}
	}

	@Test
	void manySubscriptionsOpenSideBySide() {
		try (StompTestClient ann = connect("ann")) {
			long before = System.nanoTime();
			List<String> all = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				all.add(newTopic("fleeting.slow"));
				subscribe(ann, "s" + i, all.get(i));
			}
			all.forEach((topic) -> send(ann, "/topic/" + topic, "mine"));
			await().until(() -> ann.messages().size() == 40);
			assertThat(Duration.ofNanos(System.nanoTime() - before))
				.isLessThan(Duration.ofMillis(40 * SlowHeads.MILLIS));
		}
	}

	@Test
	void noThreadWaitsForWhatIsHeld() {
		List<StompTestClient> stuck = new ArrayList<>();
		try (StompTestClient ann = connect("ann")) {
			int more = 2 * Runtime.getRuntime().availableProcessors() + 8;
			for (int i = 0; i < more; i++) {
				StompTestClient client = connect("stuck" + i);
				stuck.add(client);
				String topic = newTopic("fleeting.stuck");
				subscribe(client, "s", topic);
				send(client, "/topic/" + topic, "held");
			}
			String topic = newTopic("fleeting");
			subscribe(ann, "s", topic);
			send(ann, "/topic/" + topic, "mine");
			assertGetsFirst(ann, "mine");
			assertThat(stuck).as("held when ann was served").anyMatch((client) -> client.closeCode == null);
		}
		finally {
			stuck.forEach(StompTestClient::close);
		}
	}

	@Test
	void rule9_aTopicThatNeverOpensEndsTheConnectionAndSpringHearsOfIt() {
		String topic = newTopic("fleeting.stuck");
		try (StompTestClient eve = connect("eve")) {
			await().until(() -> users().getUser("eve") != null);
			subscribe(eve, "s", topic);
			send(eve, "/topic/" + topic, "held");
			eve.send("UNSUBSCRIBE", Map.of("id", "other", "receipt", "later"), "");
			await().until(() -> eve.closeCode != null);
			assertThat(eve.closeCode).isEqualTo(1013);
			await().until(() -> users().getUser("eve") == null);
		}
	}

	@Test
	void rule9_aClientThatLeavesWhileItsSendIsHeldLeavesNothingBehind() {
		String topic = newTopic("fleeting.stuck");
		try (StompTestClient eve = connect("eve2")) {
			await().until(() -> users().getUser("eve2") != null);
			subscribe(eve, "s", topic);
			send(eve, "/topic/" + topic, "held");
			eve.cut();
		}
		await().until(() -> users().getUser("eve2") == null);
	}

	private void assertGetsFirst(StompTestClient client, String text) {
		StompFrame receipt = client.await("the receipt", (frame) -> "r-s".equals(frame.get("receipt-id")));
		assertThat(receipt.header("seq")).isEqualTo("0");
		StompFrame message = client.await("its own message", StompFrame::isMessage);
		assertThat(message.body()).isEqualTo(text);
		assertThat(message.seq()).isEqualTo(1);
	}

	private static String sendFrame(String topic, String text) {
		return "SEND\ndestination:/topic/" + topic + "\n\n" + text + '\0';
	}

	private static void subscribe(StompTestClient client, String id, String topic) {
		client.send("SUBSCRIBE", Map.of("id", id, "destination", "/topic/" + topic, "receipt", "r-" + id), "");
	}

	private static void send(StompTestClient client, String destination, String text) {
		client.send("SEND", Map.of("destination", destination), text);
	}

	private static String newTopic(String prefix) {
		return prefix + "." + topics.incrementAndGet();
	}

	private StompTestClient connect(String user) {
		return StompTestClient.connect(ChatNode.port(this.node), user);
	}

	private SimpUserRegistry users() {
		return this.node.getBean(SimpUserRegistry.class);
	}

	/** Answers what clients send by publishing. */
	@Controller
	static class Shop {

		private final SimpMessagingTemplate template;

		Shop(SimpMessagingTemplate template) {
			this.template = template;
		}

		@MessageMapping("/tell/{topic}")
		void tell(@DestinationVariable("topic") String topic, String text) {
			this.template.convertAndSend("/topic/" + topic, text);
		}

		@SubscribeMapping("/hello/{topic}")
		void hello(@DestinationVariable("topic") String topic) {
			this.template.convertAndSend("/topic/" + topic, "hello");
		}

		@Transactional
		@MessageMapping("/order/{topic}")
		public void order(@DestinationVariable("topic") String topic, String text) {
			this.template.convertAndSend("/topic/" + topic, text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Slowness {

		@Bean
		static SlowHeads slowHeads() {
			return new SlowHeads();
		}

	}

}
