package dev.realtime.spring.guide;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.spring.testing.BootAutoConfigurations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.Externalized;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.socket.config.WebSocketMessageBrokerStats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The examples of {@code docs/beans.md} with Spring Modulith's registry in H2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModulithIT {

	private final ConfigurableApplicationContext node = start("modulith");

	private static ConfigurableApplicationContext start(String database, String... arguments) {
		return new SpringApplicationBuilder(Node.class)
			.properties("test.modulith=true", "server.port=0", "realtime.broker=memory",
					"spring.datasource.url=jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1",
					"spring.modulith.events.jdbc.schema-initialization.enabled=true", "realtime.unknown-topics=allow",
					"realtime.security.anonymous=true", "realtime.drain.spread=0s",
					"spring.main.register-shutdown-hook=false")
			.run(arguments);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aSubscriberGetsTheEventOfACommittedTransactionAndNoOther() {
		try (GuideClient ann = GuideClient.subscribed(this.node, "order.1")) {
			publish(new OrderShipped("1", "undone"), true);
			publish(new OrderShipped("1", "ship"), false);
			assertThat(ann.await("{\"orderId\":\"1\",\"carrier\":\"ship\"}")).doesNotContain("undone");
			await().untilAsserted(() -> assertThat(completed("%\"ship\"%")).isEqualTo(1));
		}
		assertThat(this.node.getBean(JdbcTemplate.class)
			.queryForList("SELECT DISTINCT LISTENER_ID FROM EVENT_PUBLICATION", String.class))
			.containsExactly("dev.realtime.spring.modulith.RealtimeEventExternalizer.externalize(java.lang.Object)");
	}

	@Test
	void rule11_modulithObservesNoFramesOfClients() {
		GuideClient.subscribed(this.node, "order.6").close();
		assertThat(
				Objects.requireNonNull(this.node.getBean(WebSocketMessageBrokerStats.class).getStompSubProtocolStats())
					.getTotalConnect())
			.isZero();
	}

	@Test
	void anEventThatIsPublishedAgainUnderItsIdIsStoredOnce() {
		publish(new OrderShipped("2", "first"), false);
		await().untilAsserted(() -> assertThat(completed("%\"first\"%")).isEqualTo(1));
		publish(new OrderShipped("2", "again"), false);
		await().untilAsserted(() -> assertThat(completed("%\"again\"%")).isEqualTo(1));
		assertThat(stored("order.2")).isEqualTo(1);
	}

	@Test
	void rule2_whatCouldNotBeStoredStaysIncompleteAndIsResubmitted() {
		Refusable.allowed = false;
		publish(new Refusable("3"), false);
		await().untilAsserted(() -> assertThat(Refusable.asked).isPositive());
		assertThat(stored("refusable.3")).isZero();
		assertThat(completed("%\"key\":\"3\"%")).isZero();
		Refusable.allowed = true;
		await().untilAsserted(() -> {
			this.node.getBean(IncompleteEventPublications.class).resubmitIncompletePublications((each) -> true);
			assertThat(completed("%\"key\":\"3\"%")).isEqualTo(1);
		});
		assertThat(stored("refusable.3")).isPositive();
	}

	@Test
	void aTopicMayBeASpelExpression() {
		publish(new Spelled("4"), false);
		await().untilAsserted(() -> assertThat(stored("spelled.4")).isEqualTo(1));
	}

	@Test
	void rule11_eventsForOtherTargetsAreNotEvenRegistered() {
		publish(new Elsewhere("5"), false);
		assertThat(rows("SERIALIZED_EVENT LIKE '%\"key\":\"5\"%'")).isZero();
	}

	@Test
	void rule11_withoutARegistryNothingListens() {
		String excluded = "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration,"
				+ "org.springframework.modulith.events.config.EventPublicationAutoConfiguration,"
				+ String.join(",", BootAutoConfigurations.HIBERNATE);
		try (ConfigurableApplicationContext without = start("unregistered",
				"--spring.autoconfigure.exclude=" + excluded)) {
			assertThat(without.getBeansOfType(EventExternalizationConfiguration.class)).isNotEmpty();
			assertThat(without.containsBean("realtimeEventExternalizer")).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "--realtime.broker=jdbc", "--spring.main.lazy-initialization=true" })
	void whatWasLeftIncompleteIsPublishedByTheNextStart(String argument) {
		String database = "restart" + Integer.toHexString(argument.hashCode());
		Refusable.allowed = false;
		Refusable.asked = 0;
		try (ConfigurableApplicationContext first = start(database)) {
			publish(first, new Refusable("7"), false);
			await().untilAsserted(() -> assertThat(Refusable.asked).isPositive());
		}
		Refusable.allowed = true;
		try (ConfigurableApplicationContext second = start(database, argument,
				"--spring.modulith.events.republish-outstanding-events-on-restart=true")) {
			await().untilAsserted(() -> assertThat(rows(second, "COMPLETION_DATE IS NOT NULL")).isEqualTo(1));
			assertThat(stored(second, "refusable.7")).isEqualTo(1);
		}
	}

	private void publish(Object event, boolean rollback) {
		publish(this.node, event, rollback);
	}

	private static void publish(ConfigurableApplicationContext node, Object event, boolean rollback) {
		new TransactionTemplate(node.getBean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			node.publishEvent(event);
			if (rollback) {
				status.setRollbackOnly();
			}
		});
	}

	private long completed(String event) {
		return rows("COMPLETION_DATE IS NOT NULL AND SERIALIZED_EVENT LIKE '" + event + "'");
	}

	private long rows(String where) {
		return rows(this.node, where);
	}

	private static long rows(ConfigurableApplicationContext node, String where) {
		return Objects.requireNonNull(node.getBean(JdbcTemplate.class)
			.queryForObject("SELECT count(*) FROM EVENT_PUBLICATION WHERE " + where, Long.class));
	}

	private int stored(String topic) {
		return stored(this.node, topic);
	}

	private static int stored(ConfigurableApplicationContext node, String topic) {
		LogPage page = node.getBean(Broker.class)
			.log()
			.readBefore(Topic.of(topic), null, 10)
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
		return (page instanceof LogPage.Found found) ? found.messages().size() : 0;
	}

	/** Its topic can be had only at times. */
	@Externalized("realtime::refusable.{topic}")
	record Refusable(String key) {

		static volatile boolean allowed;

		static volatile int asked;

		/** The part of the topic that may be illegal. */
		public String topic() {
			asked = 1;
			return allowed ? this.key : "il.legal";
		}

	}

	@Externalized("realtime::#{'spelled.' + #this.key()}")
	record Spelled(String key) {
	}

	@Externalized("elsewhere::key")
	record Elsewhere(String key) {
	}

	/** The application of the examples. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@Import(ExternalizedIds.class)
	static class Node {

	}

}
