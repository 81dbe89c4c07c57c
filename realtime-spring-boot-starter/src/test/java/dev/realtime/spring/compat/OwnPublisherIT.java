package dev.realtime.spring.compat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Position;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.log.LogPage;
import dev.realtime.spring.compat.orders.OrderTopics;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications that put a bean of their own in the place of a publisher interface, or
 * switch the starter off in a profile.
 */
class OwnPublisherIT {

	@ParameterizedTest
	@ValueSource(strings = { "spring.aop.proxy-target-class=true", "spring.aop.proxy-target-class=false" })
	void rule11_aBeanThatImplementsAPublisherInterfaceIsLeftAlone(String proxies) {
		try (ConfigurableApplicationContext node = PlainNode.start(List.of(proxies), RecordingTopics.class)) {
			OrderTopics topics = node.getBean(OrderTopics.class);
			topics.changed("1", "changed");
			assertThat(topics.placed("1", "placed")).isEqualTo(RecordingTopics.RECEIPT);
			assertThat(topics.shipped("1", "shipped").toCompletableFuture())
				.isCompletedWithValue(RecordingTopics.RECEIPT);
			assertThat(node.getBean(RecordingTopics.class).calls).containsExactly("changed", "placed", "shipped");
			assertThat(log(node, "order.1")).isInstanceOfSatisfying(LogPage.Found.class,
					(page) -> assertThat(page.messages()).isEmpty());
		}
	}

	@Test
	void rule11_aMockOfAPublisherInterfaceIsLeftAlone() {
		try (ConfigurableApplicationContext node = PlainNode.start(MockedTopics.class)) {
			OrderTopics topics = node.getBean(OrderTopics.class);
			topics.changed("2", "changed");
			Mockito.verify(topics).changed("2", "changed");
		}
	}

	@Test
	void switchedOffTheApplicationStartsAndItsPublishersSayWhyTheyFail() {
		try (ConfigurableApplicationContext application = start("realtime.enabled=false")) {
			OrderTopics topics = application.getBean(NeedsPublishers.Orders.class).topics();
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> topics.changed("3", "x"))
				.withMessageContaining("realtime.enabled=false");
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> topics.placed("3", "x"))
				.withMessageContaining("realtime.enabled=false");
			assertThat(topics.shipped("3", "x").toCompletableFuture()).isCompletedExceptionally();
			RealtimePublisher publisher = application.getBean(RealtimePublisher.class);
			assertThat(publisher.publish("order.3", Map.of("status", "x")).toCompletableFuture())
				.isCompletedExceptionally();
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> publisher.publishAndWait("order.3", Map.of("status", "x")))
				.withMessageContaining("realtime.enabled=false");
			assertThat(application.getBean(NeedsPublishers.Orders.class)
				.signals()
				.send("order.3", "seen", null)
				.toCompletableFuture()).isCompletedExceptionally();
		}
	}

	@Test
	void switchedOnTheSameApplicationPublishes() {
		try (ConfigurableApplicationContext application = start("realtime.enabled=true")) {
			assertThat(application.getBean(NeedsPublishers.Orders.class).topics().placed("4", "x").position().seq())
				.isEqualTo(1);
			RealtimePublisher publisher = application.getBean(RealtimePublisher.class);
			assertThat(publisher.publishAndWait("order.4", Map.of("status", "x")).position().seq()).isEqualTo(2);
			assertThat(log(application, "order.4")).isInstanceOfSatisfying(LogPage.Found.class,
					(page) -> assertThat(page.messages().get(1).content().text()).isEqualTo("{\"status\":\"x\"}"));
		}
	}

	private static ConfigurableApplicationContext start(String property) {
		return new SpringApplicationBuilder(NeedsPublishers.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
					"spring.main.register-shutdown-hook=false", property)
			.run();
	}

	private static LogPage log(ConfigurableApplicationContext node, String topic) {
		return node.getBean(Broker.class).log().readBefore(Topic.of(topic), null, 10).toCompletableFuture().join();
	}

	/** A bean of the application, as a decorator or a test double is. */
	static class RecordingTopics implements OrderTopics {

		static final PublishReceipt RECEIPT = new PublishReceipt(Topic.of("elsewhere"), new Position("E", 1), 0, false);

		final List<String> calls = new CopyOnWriteArrayList<>();

		@Override
		public void changed(String id, String text) {
			this.calls.add(text);
		}

		@Override
		public PublishReceipt placed(String id, String text) {
			this.calls.add(text);
			return RECEIPT;
		}

		@Override
		public CompletionStage<PublishReceipt> shipped(String id, String text) {
			this.calls.add(text);
			return completedFuture(RECEIPT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MockedTopics {

		@Bean
		OrderTopics orderTopics() {
			return Mockito.mock(OrderTopics.class);
		}

	}

	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class NeedsPublishers {

		@Bean
		Orders orders(OrderTopics topics, RealtimePublisher publisher, RealtimeSignals signals) {
			return new Orders(topics, publisher, signals);
		}

		record Orders(OrderTopics topics, RealtimePublisher publisher, RealtimeSignals signals) {
		}

	}

}
