package dev.realtime.spring.guide;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import dev.realtime.testing.Ports;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The receiver of {@code docs/webhooks.md} accepts what a node sends, and nothing else.
 */
class RealtimeWebhookControllerIT {

	private static final String SECRET = "c2VjcmV0LW9mLXRoZS1ndWlkZS0wMTIzNDU2Nzg5";

	@Test
	void theReceiverAcceptsSignedRequestsAlone() throws Exception {
		int port = Ports.reserve();
		String url = "http://localhost:" + port + "/hooks/realtime";
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
			.properties("server.port=" + port, "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.topic-events.enabled=true", "realtime.webhooks.audience.url=" + url,
					"realtime.webhooks.audience.secret=whsec_" + SECRET, "hooks.secret=" + SECRET,
					"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false")
			.run(); GuideClient client = GuideClient.subscribed(node, "price.gold")) {
			assertThat(client).isNotNull();
			List<String> changes = node.getBean(Node.class).changes;
			await().atMost(Duration.ofSeconds(20)).until(() -> !changes.isEmpty());
			assertThat(changes).singleElement().asString().contains("\"topic.occupied\"", "\"price.gold\"");
			HttpResponse<Void> forged = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create(url))
					.header("content-type", "application/json")
					.header("webhook-id", "1")
					.header("webhook-timestamp", Long.toString(Instant.now().getEpochSecond()))
					.header("webhook-signature", "v1,forged")
					.POST(HttpRequest.BodyPublishers.ofString("{}"))
					.build(), HttpResponse.BodyHandlers.discarding());
			assertThat(forged.statusCode()).isEqualTo(401);
			assertThat(changes).hasSize(1);
		}
	}

	/** The application of the example. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@Import(RealtimeWebhookController.class)
	static class Node {

		private final List<String> changes = new CopyOnWriteArrayList<>();

		@Bean
		TopicAudience topicAudience() {
			return (id, json) -> this.changes.add(json);
		}

	}

}
