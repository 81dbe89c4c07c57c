package dev.realtime.spring.compat;

import java.time.Duration;

import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.publisher.TopicPublisher;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.spring.testing.BootAutoConfigurations;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications without a servlet container, and thus without Spring's STOMP support,
 * which have configured how their JSON looks.
 */
class WorkerIT {

	private static final String[] PROPERTIES = { "realtime.broker=memory", "realtime.drain.spread=0s",
			"spring.main.register-shutdown-hook=false", "spring.jackson.property-naming-strategy=SNAKE_CASE" };

	@Test
	void aWorkerPublishesObjectsAsTheJsonOfTheApplication() {
		try (ConfigurableApplicationContext worker = new SpringApplicationBuilder(Worker.class)
			.bannerMode(Banner.Mode.OFF)
			.web(WebApplicationType.NONE)
			.properties(PROPERTIES)
			.run()) {
			assertPublishes(worker);
		}
	}

	@Test
	void aReactiveApplicationPublishesObjectsAsTheJsonOfTheApplication() {
		new ReactiveWebApplicationContextRunner().withUserConfiguration(Worker.class)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("spring.flyway.enabled=false", "spring.liquibase.enabled=false",
					"spring.autoconfigure.exclude=" + String.join(",", BootAutoConfigurations.HIBERNATE))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertPublishes(context);
			});
	}

	private static void assertPublishes(ApplicationContext context) {
		context.getBean(Orders.class).place("7", 3);
		assertThat(context.getBean(Broker.class).log().readBefore(Topic.of("order.7"), null, 10).toCompletableFuture())
			.succeedsWithin(Duration.ofSeconds(10))
			.isInstanceOfSatisfying(LogPage.Found.class,
					(page) -> assertThat(page.messages()).singleElement().satisfies((message) -> {
						assertThat(message.content().contentType()).isEqualTo("application/json");
						assertThat(message.content().text()).isEqualTo("{\"id\":\"7\",\"line_count\":3}");
					}));
		assertThat(
				context.getBean(RealtimeSignals.class).send("order.7", "seen", new Order("7", 3)).toCompletableFuture())
			.succeedsWithin(Duration.ofSeconds(10));
	}

	/** Nothing but services. */
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

		@TopicPublisher("order.{payload.id}")
		Order place(String id, int lines) {
			return new Order(id, lines);
		}

	}

	/**
	 * An order.
	 *
	 * @param id its id
	 * @param lineCount how many lines it has
	 */
	record Order(String id, int lineCount) {
	}

}
