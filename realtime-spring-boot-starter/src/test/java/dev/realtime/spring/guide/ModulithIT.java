package dev.realtime.spring.guide;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.events.Externalized;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The examples of {@code docs/beans.md} with Spring Modulith's registry in H2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModulithIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
		.properties("test.modulith=true", "server.port=0", "realtime.broker=memory",
				"spring.datasource.url=jdbc:h2:mem:modulith;DB_CLOSE_DELAY=-1",
				"spring.modulith.events.jdbc.schema-initialization.enabled=true", "realtime.unknown-topics=allow",
				"realtime.security.anonymous=true", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false")
		.run();

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aSubscriberGetsTheEventOfACommittedTransactionAndNoOther() {
		try (GuideClient ann = subscribed("order.1")) {
			publish(new OrderShipped("1", "undone"), true);
			publish(new OrderShipped("1", "ship"), false);
			assertThat(ann.await("{\"orderId\":\"1\",\"carrier\":\"ship\"}")).doesNotContain("undone");
			await().untilAsserted(() -> assertThat(completed("%\"ship\"%")).isEqualTo(1));
		}
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
	void eventsForOtherTargetsAreLeftAlone() {
		publish(new Elsewhere("5"), false);
		await().untilAsserted(() -> assertThat(completed("%\"key\":\"5\"%")).isEqualTo(1));
		assertThat(stored("elsewhere")).isZero();
	}

	private void publish(Object event, boolean rollback) {
		new TransactionTemplate(this.node.getBean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			this.node.publishEvent(event);
			if (rollback) {
				status.setRollbackOnly();
			}
		});
	}

	private long completed(String event) {
		return Objects.requireNonNull(this.node.getBean(JdbcTemplate.class)
			.queryForObject("SELECT count(*) FROM EVENT_PUBLICATION WHERE COMPLETION_DATE IS NOT NULL"
					+ " AND SERIALIZED_EVENT LIKE ?", Long.class, event));
	}

	private int stored(String topic) {
		LogPage page = this.node.getBean(Broker.class)
			.log()
			.readBefore(Topic.of(topic), null, 10)
			.toCompletableFuture()
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
		return (page instanceof LogPage.Found found) ? found.messages().size() : 0;
	}

	private GuideClient subscribed(String topic) {
		GuideClient client = GuideClient.open(
				Integer.parseInt(Objects.requireNonNull(this.node.getEnvironment().getProperty("local.server.port"))),
				Map.of());
		client.ask("CONNECT\naccept-version:1.2\nhost:localhost\n\n", "CONNECTED");
		client.ask("SUBSCRIBE\nid:s\ndestination:/topic/" + topic + "\nreceipt:live\n\n", "receipt-id:live");
		return client;
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
