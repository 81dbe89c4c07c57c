package dev.realtime.spring.guide;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.awaitility.Awaitility.await;

/** The example of {@code docs/beans.md}: a source is open while a topic is occupied. */
class PriceFeedsIT {

	@Test
	void theSourceIsOpenWhileATopicHasSubscribers() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
			.properties("server.port=0", "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.topic-events.enabled=true", "realtime.drain.spread=0s",
					"spring.main.register-shutdown-hook=false")
			.run()) {
			List<String> calls = node.getBean(Node.class).calls;
			try (GuideClient client = GuideClient.subscribed(node, "price.gold")) {
				await().until(() -> calls.equals(List.of("open price.gold")));
				client.ask("UNSUBSCRIBE\nid:s\nreceipt:gone\n\n", "receipt-id:gone");
			}
			await().atMost(Duration.ofSeconds(20))
				.until(() -> calls.equals(List.of("open price.gold", "close price.gold")));
		}
	}

	/** The application of the example. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@Import(PriceFeeds.class)
	static class Node {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		@Bean
		PriceSource priceSource() {
			return new PriceSource() {

				@Override
				public void open(String topic) {
					Node.this.calls.add("open " + topic);
				}

				@Override
				public void close(String topic) {
					Node.this.calls.add("close " + topic);
				}

			};
		}

	}

}
