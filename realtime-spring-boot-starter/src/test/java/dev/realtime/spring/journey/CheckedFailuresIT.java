package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.security.Principal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.spring.security.TopicAccess;
import dev.realtime.spring.snapshot.Snapshot;
import dev.realtime.spring.snapshot.SnapshotProvider;
import dev.realtime.testing.Sneaky;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Application code that throws checked exceptions which no signature declares, as that in
 * Kotlin does: they are failures as all others are.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckedFailuresIT {

	private static final String SECRET = "relation secret_orders does not exist";

	/** Frames become messages; no message; no message, on Netty. */
	private final Map<String, ConfigurableApplicationContext> nodes = new LinkedHashMap<>();

	CheckedFailuresIT() {
		this.nodes.put("messages", node());
		this.nodes.put("short", node(ChatNode.OBSERVED + "=false"));
		this.nodes.put("netty", node(ChatNode.OBSERVED + "=false", ChatNode.ON_NETTY));
	}

	@AfterAll
	void stop() {
		this.nodes.values().forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void rule9_aFrameThatFailsIsAnsweredAndTheConnectionGoesOn() {
		this.nodes.forEach((name, node) -> {
			try (StompTestClient eve = StompTestClient.connect(ChatNode.port(node), "eve")) {
				for (String command : List.of("SUBSCRIBE", "SEND")) {
					for (String topic : List.of("access", "policy")) {
						String receipt = command + topic;
						eve.send(command, Map.of("destination", "/topic/" + topic, "id", topic, "receipt", receipt),
								command.equals("SEND") ? "x" : "");
						StompFrame denied = eve.await(name + ' ' + receipt,
								(frame) -> receipt.equals(frame.get("receipt-id")));
						assertThat(denied.header("reason")).as(name + ' ' + receipt).isEqualTo("internal-error");
						assertThat(denied.toString()).doesNotContain(SECRET);
					}
				}
				eve.subscribe("access", "/topic/fine");
				assertThat(node.getBean(RealtimeNode.class).hub().stats().subscriptions()).isOne();
			}
		});
	}

	@Test
	void rule9_credentialsThatCannotBeCheckedMayBeTriedAgainLater() {
		this.nodes.forEach((name, node) -> {
			try (StompTestClient client = StompTestClient.open(ChatNode.port(node))) {
				client.send("CONNECT", Map.of("accept-version", "1.2", "host", "localhost", "login", "away"), "");
				await(name).untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1013));
				assertThat(client.frames().get(0).header("message")).contains("could not be checked");
			}
			try (StompTestClient eve = StompTestClient.connect(ChatNode.port(node), "eve")) {
				eve.send("SEND", Map.of("destination", "/realtime/auth", "login", "away", "receipt", "r"), "");
				StompFrame denied = eve.await(name, (frame) -> "r".equals(frame.get("receipt-id")));
				assertThat(denied.header("message")).contains("could not be checked");
				eve.subscribe("s", "/topic/fine");
			}
		});
	}

	@Test
	void rule9_requestsOverHttpAreAnsweredWithAReference() {
		this.nodes.forEach((name, node) -> {
			HttpResponse<String> poll = Polls.poll(ChatNode.port(node), "topic=access&login=eve");
			HttpResponse<String> send = Polls.send(ChatNode.port(node), "destination=/topic/access&login=eve", "x");
			HttpResponse<String> snapshot = Http.get(ChatNode.webPort(node), "/realtime/topics/state/snapshot");
			assertThat(Polls.events(poll)).singleElement()
				.satisfies((event) -> assertThat(event).containsEntry("reason", "internal-error"));
			for (HttpResponse<String> answer : List.of(send, snapshot)) {
				assertThat(answer.statusCode()).as(name + ' ' + answer.uri()).isEqualTo(500);
				assertThat(answer.body()).contains("reference");
			}
			assertThat(poll.body() + send.body() + snapshot.body()).doesNotContain(SECRET);
		});
	}

	private static ConfigurableApplicationContext node(String... more) {
		List<String> properties = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.drain.spread=0s", "realtime.security.anonymous=true", "management.health.redis.enabled=false",
				"spring.main.register-shutdown-hook=false"));
		properties.addAll(List.of(more));
		return new SpringApplicationBuilder(ChatNode.class, Failing.class).bannerMode(Banner.Mode.OFF)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		TopicPolicies policies() {
			return (topic) -> {
				failIf(topic.name().equals("policy"));
				return TopicPolicy.builder().clientPublish(true).build();
			};
		}

		@Bean
		TopicAccess access() {
			return (user, topic) -> {
				failIf(topic.name().equals("access"));
				return true;
			};
		}

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ConnectAuthenticator authenticator() {
			return (connect) -> {
				failIf("away".equals(connect.login()));
				return null;
			};
		}

		@Bean
		SnapshotProvider<String> state() {
			return new SnapshotProvider<>() {

				@Override
				public TopicPattern pattern() {
					return new TopicPattern("state");
				}

				@Override
				public Snapshot<String> snapshot(Topic topic, @Nullable Principal user) {
					throw Sneaky.sneak(new SQLException(SECRET));
				}

			};
		}

		private static void failIf(boolean condition) {
			if (condition) {
				throw Sneaky.sneak(new SQLException(SECRET));
			}
		}

	}

}
