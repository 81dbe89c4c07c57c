package dev.realtime.spring.journey;

import java.util.Map;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application without a prefix for its methods: clients call them below a prefix of
 * the broker.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MethodsOnTopicsIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Application.class)
		.bannerMode(Banner.Mode.OFF)
		.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
				"realtime.topics.open.pattern=open.*", "realtime.topics.open.client-publish=true",
				"spring.main.register-shutdown-hook=false")
		.run();

	private final int port = ChatNode.webPort(this.node);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule11_aMethodIsCalledAndItsFrameIsNotRefused() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "ann")) {
			client.subscribe("tracker", "/topic/tracker");
			client.subscribe("activity", "/topic/activity");
			for (String page : new String[] { "home", "account" }) {
				client.send("SEND",
						Map.of("destination", "/topic/activity", "content-type", "text/plain", "receipt", page), page);
				client.await("the receipt", (frame) -> page.equals(frame.get("receipt-id")));
				client.await("what the method returned",
						(frame) -> frame.isMessage() && frame.body().equals("seen " + page));
			}
			assertThat(client.messages()).extracting((frame) -> frame.header("subscription")).containsOnly("tracker");
			assertThat(client.closeCode).isNull();
		}
	}

	@Test
	void whereClientsMayPublishItIsPublishedAsWellAndAnsweredOnce() {
		try (StompTestClient client = StompTestClient.connectPlain(this.port, "ann")) {
			client.subscribe("tracker", "/topic/tracker");
			client.subscribe("open", "/topic/open.1");
			client.send("SEND", Map.of("destination", "/topic/open.1", "content-type", "text/plain", "receipt", "r"),
					"both");
			client.await("the client's own message",
					(frame) -> frame.isMessage() && "open".equals(frame.get("subscription")));
			client.await("what the method returned",
					(frame) -> frame.isMessage() && "tracker".equals(frame.get("subscription")));
			client.subscribe("last", "/topic/last");
			assertThat(client.frames()).filteredOn((frame) -> "r".equals(frame.get("receipt-id")))
				.singleElement()
				.satisfies((receipt) -> assertThat(receipt.headers()).containsEntry("seq", "1"));
		}
	}

	@Test
	void whatNoMethodTakesIsRefusedAsEver() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.send("SEND", Map.of("destination", "/topic/other"), "x");
			StompFrame denied = client.await("denied", (frame) -> frame.isEvent("denied"));
			assertThat(denied.headers()).containsEntry("reason", "client-publish");
		}
	}

	/** The application, with an endpoint of its own at the usual path. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@EnableWebSocketMessageBroker
	@Import(Tracker.class)
	static class Application implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/realtime");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
		}

	}

	/** Takes what clients send. */
	@Controller
	static class Tracker {

		@MessageMapping({ "/topic/activity", "/topic/open.1" })
		@SendTo("/topic/tracker")
		String seen(String page) {
			return "seen " + page;
		}

	}

}
