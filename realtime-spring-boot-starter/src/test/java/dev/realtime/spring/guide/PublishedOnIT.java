package dev.realtime.spring.guide;

import java.util.Objects;

import dev.realtime.IllegalTopicException;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
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
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The example of {@code docs/beans.md}: subscribers get application events, on topics in
 * the database and on others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedOnIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
		.properties("server.port=0", "realtime.broker=memory", "realtime.log=jdbc",
				"spring.datasource.url=jdbc:h2:mem:events;DB_CLOSE_DELAY=-1", "realtime.jdbc.initialize-schema=always",
				"realtime.topics.fleeting.pattern=order.fleeting", "realtime.topics.fleeting.durable=false",
				"realtime.unknown-topics=allow", "realtime.security.anonymous=true", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false")
		.run();

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "durable", "fleeting" })
	void aSubscriberGetsTheEventOfACommittedTransactionAndNoOther(String order) {
		try (GuideClient ann = GuideClient.subscribed(this.node, "order." + order)) {
			rolledBack(() -> packing().pack(order, 1));
			packing().pack(order, 2);
			String received = ann.await("{\"orderId\":\"" + order + "\",\"items\":2}");
			assertThat(received).contains("content-type:application/json").doesNotContain("\"items\":1");
		}
	}

	@Test
	void rule2_onATopicInTheDatabaseTheMessageIsStoredByTheTransaction() {
		new TransactionTemplate(transactions()).executeWithoutResult((status) -> {
			packing().pack("dear", 1);
			assertThat(stored("order.dear")).isEqualTo(1);
		});
		rolledBack(() -> packing().pack("dear", 2));
		assertThat(stored("order.dear")).isEqualTo(1);
	}

	@Test
	void rule2_anEventThatCannotBePublishedRollsBack() {
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> packing().pack("4.2", 1))
			.withMessageContaining("{orderId}");
	}

	private Packing packing() {
		return this.node.getBean(Packing.class);
	}

	private PlatformTransactionManager transactions() {
		return this.node.getBean(PlatformTransactionManager.class);
	}

	private void rolledBack(Runnable work) {
		new TransactionTemplate(transactions()).executeWithoutResult((status) -> {
			work.run();
			status.setRollbackOnly();
		});
	}

	private long stored(String topic) {
		return Objects.requireNonNull(this.node.getBean(JdbcTemplate.class)
			.queryForObject("SELECT count(*) FROM realtime_message WHERE topic = ?", Long.class, topic));
	}

	/** The application of the example. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@Import(Packing.class)
	static class Node {

	}

}
