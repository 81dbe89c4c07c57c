package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.PublisherNode;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.Presence;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.publisher.TopicPublisher;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Applications without a web server that only publish. */
class PublisherNodeIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final List<AutoCloseable> open = new ArrayList<>(List.of(this.redis));

	@AfterEach
	void close() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "topics", "partitions" })
	void rule3_whatAWorkerPublishesReachesTheClientsOfNodesOnceAndInOrder(String subscriptions) {
		String property = "realtime.relay.subscriptions=" + subscriptions;
		ConfigurableApplicationContext node = opened(ChatNode.start(this.redis.port(), property));
		ConfigurableApplicationContext worker = worker(this.redis.port(), property);
		assertReaches(node, worker);
	}

	@Test
	void aWorkerPublishesToTheDurableLog() {
		String url = PostgresqlAlone.database();
		try (ConfigurableApplicationContext node = DurableNode.start(this.redis.port(), url);
				ConfigurableApplicationContext worker = worker(this.redis.port(), "realtime.log=jdbc",
						"spring.datasource.url=" + url)) {
			assertReaches(node, worker);
		}
	}

	@Test
	void aWorkerPublishesOverNats() {
		try (FleetServers servers = FleetServers.nats();
				ConfigurableApplicationContext node = ChatNode.start(1, servers.with());
				ConfigurableApplicationContext worker = worker(1, servers.with())) {
			assertReaches(node, worker);
		}
	}

	@Test
	void aWorkerPublishesWherePostgresqlIsTheOnlyServer() {
		try (FleetServers servers = FleetServers.postgresql();
				ConfigurableApplicationContext node = ChatNode.start(1, servers.with());
				ConfigurableApplicationContext worker = worker(1, servers.with())) {
			assertReaches(node, worker);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "topics", "partitions" })
	void aPublisherSubscribesToNothingAndIsNoNode(String subscriptions) {
		ConfigurableApplicationContext worker = worker(this.redis.port(),
				"realtime.relay.subscriptions=" + subscriptions);
		worker.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of("room.1"), Content.text("m")));
		assertThat(this.redis.say("CLIENT LIST TYPE pubsub")).startsWith("$0");
		assertThat(this.redis.say("KEYS *:p.*")).startsWith("*0");
		for (Class<?> type : List.of(RealtimeNode.class, Presence.class, RestrictionStore.class)) {
			assertThat(worker.getBeanNamesForType(type)).as(type.getName()).isEmpty();
		}
		assertThat(worker.containsBean("simpleBrokerMessageHandler")).isFalse();
	}

	@Test
	void rule2_aPublisherThatIsClosedFinishesWhatIsUnderWayAndTakesNoMore() {
		try (TcpProxy proxy = new TcpProxy(this.redis.port())) {
			ConfigurableApplicationContext worker = worker(proxy.port());
			RealtimePublisher publisher = worker.getBean(RealtimePublisher.class);
			List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
			for (int i = 0; i < 2_000; i++) {
				receipts.add(publisher.publish(Publication.of(Topic.of("room.1"), Content.text("m" + i)))
					.toCompletableFuture());
			}
			worker.close();
			assertThat(receipts).allSatisfy((receipt) -> assertThat(receipt)
				.isCompletedWithValueMatching((answered) -> answered.position().seq() >= 1));
			assertThat(receipts).extracting((receipt) -> receipt.join().position().seq()).doesNotHaveDuplicates();
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> publisher.publishAndWait(Publication.of(Topic.of("room.1"), Content.text("late"))))
				.withMessageContaining("closed");
		}
	}

	@Test
	void rule7_aPublisherHealsWhenRedisIsBack() {
		ConfigurableApplicationContext worker = worker(this.redis.port());
		RealtimePublisher publisher = worker.getBean(RealtimePublisher.class);
		PublisherNode node = worker.getBean(PublisherNode.class);
		this.redis.stop();
		await().atMost(Duration.ofSeconds(20)).until(() -> !node.broker().isConnected());
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> publisher.publishAndWait(Publication.of(Topic.of("room.1"), Content.text("lost"))));
		this.redis.restart();
		await().atMost(Duration.ofSeconds(30)).until(() -> node.broker().isConnected());
		publisher.publishAndWait(Publication.of(Topic.of("room.1"), Content.text("m")));
		assertThat(node.published()).isEqualTo(1);
	}

	@Test
	void theTemplateRefusesWhatNoTopicTakes() {
		SimpMessagingTemplate template = worker(this.redis.port()).getBean(SimpMessagingTemplate.class);
		assertThatExceptionOfType(MessageDeliveryException.class)
			.isThrownBy(() -> template.convertAndSend("/app/say", "hello"))
			.withMessageContaining("/topic/");
		assertThatExceptionOfType(MessageDeliveryException.class)
			.isThrownBy(() -> template.convertAndSend("/user//queue/notices", "hello"))
			.withMessageContaining("/user/{name}/queue/");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			realtime.netty.port=0                         | remove realtime.netty.port
			realtime.security.tickets=true                | remove realtime.security.tickets
			realtime.user-registry.fleet-wide=true        | remove realtime.user-registry.fleet-wide
			realtime.limits.fleet-connections-per-user=5  | remove realtime.limits.fleet-connections-per-user
			realtime.broker=memory                        | remove realtime.broker=memory
			realtime.relay.type=local                     | realtime.relay.type=local reaches none
			""")
	void contradictionsFailTheStart(String property, String sentence) {
		assertThatThrownBy(() -> worker(this.redis.port(), property)).rootCause()
			.hasMessageContaining("realtime.role")
			.hasMessageContaining(sentence);
	}

	private void assertReaches(ConfigurableApplicationContext node, ConfigurableApplicationContext worker) {
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(node), "ann")) {
			ann.subscribe("room", "/topic/room.1");
			ann.subscribe("own", "/user/queue/notices");
			for (int i = 0; i < 50; i++) {
				worker.getBean(RealtimePublisher.class)
					.publishAndWait(Publication.of(Topic.of("room.1"), Content.text("m" + i)));
			}
			worker.getBean(Orders.class).place("1");
			worker.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.1", new Order("2"));
			worker.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "paid");
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				expected.add("m" + i);
			}
			expected.add("{\"id\":\"1\"}");
			expected.add("{\"id\":\"2\"}");
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(bodies(ann, "room")).isEqualTo(expected));
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(bodies(ann, "own")).containsExactly("paid"));
			worker.getBean(RealtimeSignals.class).send("room.1", "looks", new Order("3")).toCompletableFuture().join();
			ann.await("the signal", (frame) -> frame.isEvent("signal") && frame.body().contains("\"3\""));
		}
	}

	private static List<String> bodies(StompTestClient client, String subscription) {
		return client.messages()
			.stream()
			.filter((message) -> subscription.equals(message.get("subscription")))
			.map(StompFrame::body)
			.toList();
	}

	private ConfigurableApplicationContext worker(int redisPort, String... properties) {
		return opened(start(WebApplicationType.NONE, redisPort, properties));
	}

	private ConfigurableApplicationContext opened(ConfigurableApplicationContext context) {
		this.open.add(context);
		return context;
	}

	static ConfigurableApplicationContext start(WebApplicationType type, int redisPort, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("realtime.role=publisher", "server.port=0", "spring.data.redis.host=127.0.0.1",
						"spring.data.redis.port=" + redisPort, "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(Worker.class).bannerMode(Banner.Mode.OFF)
			.web(type)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** A worker. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Worker {

		@Bean
		Orders orders() {
			return new Orders();
		}

	}

	/** A service. */
	static class Orders {

		@TopicPublisher("room.{id}")
		Order place(String id) {
			return new Order(id);
		}

	}

	/**
	 * An order.
	 *
	 * @param id its id
	 */
	record Order(String id) {
	}

}
