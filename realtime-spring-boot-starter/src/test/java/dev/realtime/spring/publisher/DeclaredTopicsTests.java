package dev.realtime.spring.publisher;

import java.util.List;
import java.util.Map;

import dev.realtime.RealtimePublisher;
import dev.realtime.spring.publisher.app.Greetings;
import dev.realtime.spring.publisher.app.RoomEvent;
import dev.realtime.spring.publisher.app.RoomTopics;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.spring.testing.TextConverter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.MessageConverter;

import static org.assertj.core.api.Assertions.assertThat;

/** What is known of topics before anything is published. */
class DeclaredTopicsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TopicPublisherAutoConfiguration.class))
		.withBean(RealtimePublisher.class, RecordingPublisher::new)
		.withBean(MessageConverter.class, TextConverter::new)
		.withBean("greeter", Greetings.class, Greeter::new)
		.withUserConfiguration(Application.class);

	@Test
	void thereIsNothingWithoutTheDocument() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(DeclaredTopics.class));
		this.runner.withPropertyValues("realtime.asyncapi.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(DeclaredTopics.class));
	}

	@Test
	void knowsInterfacesAndBeansBehindProxies() {
		on().withBean(Proxied.class).run((context) -> {
			assertThat(context.getBean(Proxied.class).getClass()).isNotEqualTo(Proxied.class);
			List<DeclaredTopic> topics = context.getBean(DeclaredTopics.class).topics();
			assertThat(topics).extracting(DeclaredTopic::source)
				.contains("Proxied.count", "Greeter.greet", RoomTopics.class.getSimpleName() + ".posted");
			assertThat(topics).contains(
					new DeclaredTopic("Proxied.count", "counts.{name}", Map.of("name", ""), Integer.class, "counted"));
		});
	}

	@Test
	void theEventsOfASealedTypeAreThoseThatItPermits() {
		on().run((context) -> assertThat(context.getBean(DeclaredTopics.class).topics())
			.filteredOn((topic) -> RoomEvent.class.isAssignableFrom((Class<?>) topic.payload()))
			.extracting((topic) -> topic.source() + ' ' + topic.topic())
			.contains("Entered room.{room}", "Closed closed.{room}")
			.doesNotContain("RoomEvent room.{room}"));
	}

	@Test
	void namesParametersAsAnAddressMay() {
		DeclaredTopic topic = DeclaredTopic.of("Source", "a.{payload.customer.id}.{größe}.{payload}", String.class);
		assertThat(topic.topic()).isEqualTo("a.{customer_id}.{gr__e}.{payload}");
		assertThat(topic.parameters()).containsEntry("customer_id", "The property customer.id of the payload");
	}

	private ApplicationContextRunner on() {
		return this.runner.withPropertyValues("realtime.asyncapi.enabled=true");
	}

	/** An application of the package with events and interfaces. */
	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = RoomTopics.class)
	static class Application {

	}

	/** Publishes what it returns, as the interface says. */
	static class Greeter implements Greetings {

		@Override
		public String greet(String name) {
			return name;
		}

	}

	/** Behind the proxy that publishes. */
	static class Proxied {

		@TopicPublisher(value = "counts.{name}", type = "counted")
		public Integer count(String name) {
			return name.length();
		}

	}

}
