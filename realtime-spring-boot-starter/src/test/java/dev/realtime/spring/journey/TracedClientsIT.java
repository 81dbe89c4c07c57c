package dev.realtime.spring.journey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.RealtimePublisher;
import dev.realtime.spring.security.ConnectAuthenticator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Spans of clients' CONNECTs and SUBSCRIBEs, and of their recoveries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracedClientsIT {

	private final TracedNodes traced = new TracedNodes(State.class);

	/**
	 * Frames become messages; no message; no message, on Netty; messages, another way.
	 */
	private final Map<String, ConfigurableApplicationContext> nodes = new LinkedHashMap<>();

	TracedClientsIT() {
		this.nodes.put("messages", node());
		this.nodes.put("short", node(ChatNode.OBSERVED + "=false"));
		this.nodes.put("netty", node(ChatNode.OBSERVED + "=false", ChatNode.ON_NETTY, "realtime.netty.threads=2"));
		this.nodes.put("standard", node("realtime.servlet.transport=standard"));
	}

	@AfterAll
	void stop() {
		this.nodes.values().forEach(ConfigurableApplicationContext::close);
		this.traced.close();
	}

	@Test
	void aClientsTraceIsContinuedByItsConnectAndItsSubscribe() {
		this.nodes.forEach((name, node) -> {
			String trace = TracedNodes.newTrace();
			try (StompTestClient ann = TracedNodes.connect(node, "ann",
					Map.of("traceparent", TracedNodes.traceparent(trace, true)))) {
				ann.subscribe("s", "/topic/room.1", Map.of("traceparent", TracedNodes.traceparent(trace, true)));
			}
			await().atMost(TracedNodes.SOON).untilAsserted(() -> {
				OtlpReceiver.Span connect = this.traced.span(trace, "receive CONNECT");
				assertThat(connect.parent()).isEqualTo(TracedNodes.CLIENT_SPAN);
				assertThat(connect.kind()).isEqualTo(OtlpReceiver.SERVER);
				assertThat(connect.attributes()).containsEntry("outcome", "ok")
					.containsEntry("realtime.reason", "none")
					.containsEntry("realtime.transport",
							Map.of("netty", "netty", "standard", "servlet").getOrDefault(name, "direct"));
				OtlpReceiver.Span subscribe = this.traced.span(trace, "receive SUBSCRIBE");
				assertThat(subscribe.parent()).isEqualTo(TracedNodes.CLIENT_SPAN);
				assertThat(subscribe.attributes()).containsEntry("outcome", "ok")
					.containsEntry("messaging.destination.template", "rooms")
					.containsEntry("messaging.destination.name", "/topic/room.1");
				assertThat(this.traced.spans(trace, "recover rooms")).isEmpty();
			});
		});
	}

	@Test
	void everyKindOfSubscribeEndsWithItsAnswer() {
		for (String name : List.of("messages", "standard")) {
			Map<String, String> traces = new LinkedHashMap<>();
			try (StompTestClient ann = TracedNodes.connect(named(name), "ann", Map.of());
					StompTestClient nobody = TracedNodes.connect(named(name), null, Map.of())) {
				for (String destination : List.of("/topic/room.*", "/user/queue/notes", "/app/state")) {
					String trace = TracedNodes.newTrace();
					traces.put(destination, trace);
					ann.subscribe("s" + traces.size(), destination,
							Map.of("traceparent", TracedNodes.traceparent(trace, true)));
				}
				String anonymous = TracedNodes.newTrace();
				traces.put("nobody", anonymous);
				nobody.subscribe("n", "/user/queue/notes",
						Map.of("traceparent", TracedNodes.traceparent(anonymous, true)));
				traces
					.forEach((destination, trace) -> await().atMost(TracedNodes.SOON)
						.untilAsserted(() -> assertThat(this.traced.span(trace, "receive SUBSCRIBE").attributes())
							.as(destination)
							.containsEntry("outcome", "ok")
							.containsEntry("messaging.destination.template",
									destination.equals("/user/queue/notes") ? "default" : "none")));
			}
		}
	}

	@Test
	void aRefusalIsTheOutcomeWithItsReason() {
		this.nodes.forEach((name, node) -> {
			String trace = TracedNodes.newTrace();
			String plain = TracedNodes.newTrace();
			try (StompTestClient ann = TracedNodes.connect(node, "ann", Map.of());
					StompTestClient bob = StompTestClient.connectPlain(ChatNode.port(node), "bob")) {
				ann.send("SUBSCRIBE", Map.of("id", "s", "destination", "/nowhere/x", "traceparent",
						TracedNodes.traceparent(trace, true)), "");
				bob.send("SUBSCRIBE", Map.of("id", "s", "destination", "/nowhere/x", "traceparent",
						TracedNodes.traceparent(plain, true)), "");
				for (String each : List.of(trace, plain)) {
					await().atMost(TracedNodes.SOON)
						.untilAsserted(() -> assertThat(this.traced.span(each, "receive SUBSCRIBE").attributes())
							.containsEntry("outcome", "refused")
							.containsEntry("realtime.reason", "unknown-destination"));
				}
			}
		});
		for (String name : List.of("short", "netty")) {
			String trace = TracedNodes.newTrace();
			try (StompTestClient client = StompTestClient.open(ChatNode.port(named(name)))) {
				client.send("CONNECT", TracedNodes.connectHeaders("refused",
						Map.of("traceparent", TracedNodes.traceparent(trace, true))), "");
				await().atMost(TracedNodes.SOON)
					.untilAsserted(() -> assertThat(this.traced.span(trace, "receive CONNECT").attributes())
						.containsEntry("outcome", "refused")
						.containsEntry("realtime.reason", "bad-credentials"));
			}
		}
	}

	@Test
	void aRecoveryIsAChildOfItsSubscribe() {
		this.nodes.forEach((name, node) -> {
			RealtimePublisher publisher = node.getBean(RealtimePublisher.class);
			String epoch = publisher.publishAndWait("room.2", "first").position().epoch();
			publisher.publishAndWait("room.2", "second");
			publisher.publishAndWait("room.2", "third");
			String trace = TracedNodes.newTrace();
			String lost = TracedNodes.newTrace();
			try (StompTestClient ann = TracedNodes.connect(node, "ann", Map.of())) {
				ann.subscribe("s", "/topic/room.2",
						Map.of("traceparent", TracedNodes.traceparent(trace, true), "epoch", epoch, "last-seq", "1"));
				ann.subscribe("t", "/topic/room.2", Map.of("traceparent", TracedNodes.traceparent(lost, true), "epoch",
						"AAAAAAAAAA", "last-seq", "1"));
				await().atMost(TracedNodes.SOON).untilAsserted(() -> {
					OtlpReceiver.Span recover = this.traced.span(trace, "recover rooms");
					assertThat(recover.parent()).isEqualTo(this.traced.span(trace, "receive SUBSCRIBE").id());
					assertThat(recover.kind()).isEqualTo(OtlpReceiver.CLIENT);
					assertThat(recover.attributes()).containsEntry("outcome", "ok")
						.containsEntry("messaging.batch.message_count", "2");
					assertThat(this.traced.span(lost, "recover rooms").attributes()).containsEntry("outcome",
							"epoch-changed");
				});
			}
		});
	}

	@Test
	void whatTheApplicationDoesForAFrameIsItsChild() {
		this.nodes.forEach((name, node) -> {
			String trace = TracedNodes.newTrace();
			try (StompTestClient ann = TracedNodes.connect(node, "ann",
					Map.of("traceparent", TracedNodes.traceparent(trace, true)))) {
				ann.subscribe("s", "/app/state", Map.of("traceparent", TracedNodes.traceparent(trace, true)));
			}
			await().atMost(TracedNodes.SOON).untilAsserted(() -> {
				assertThat(this.traced.span(trace, "authenticate").parent())
					.isEqualTo(this.traced.span(trace, "receive CONNECT").id());
				assertThat(this.traced.span(trace, "state").parent())
					.isEqualTo(this.traced.span(trace, "receive SUBSCRIBE").id());
			});
		});
	}

	@Test
	void whatIsNotSampledOrNotTrustedIsNotContinued() {
		String unsampled = TracedNodes.newTrace();
		String untrusted = TracedNodes.newTrace();
		String sampled = TracedNodes.newTrace();
		try (ConfigurableApplicationContext strict = node("realtime.tracing.continue-clients=false")) {
			join(strict, TracedNodes.traceparent(untrusted, true));
		}
		join(named("short"), TracedNodes.traceparent(unsampled, false));
		join(named("messages"), TracedNodes.traceparent(unsampled, false));
		join(named("short"), TracedNodes.traceparent(sampled, true));
		join(named("messages"), TracedNodes.traceparent(sampled, true));
		await().atMost(TracedNodes.SOON)
			.untilAsserted(() -> assertThat(this.traced.spans(sampled, "recover rooms")).hasSize(2));
		assertThat(this.traced.ofTrace(unsampled)).isEmpty();
		assertThat(this.traced.ofTrace(untrusted)).isEmpty();
	}

	/** Connects, and recovers a topic that is empty. */
	private static void join(ConfigurableApplicationContext node, String traceparent) {
		String epoch = node.getBean(RealtimePublisher.class).publishAndWait("room.6", "text").position().epoch();
		try (StompTestClient client = TracedNodes.connect(node, "cid", Map.of("traceparent", traceparent))) {
			client.subscribe("s", "/topic/room.6", Map.of("traceparent", traceparent, "epoch", epoch, "last-seq", "0"));
		}
	}

	private ConfigurableApplicationContext named(String name) {
		return Objects.requireNonNull(this.nodes.get(name));
	}

	private ConfigurableApplicationContext node(String... more) {
		return this.traced.startAlone(Authenticator.class, more);
	}

	@Controller
	static class State {

		private final ObservationRegistry registry;

		State(ObservationRegistry registry) {
			this.registry = registry;
		}

		@SubscribeMapping("/state")
		String state() {
			Observation.createNotStarted("state", this.registry).observe(() -> {
			});
			return "state";
		}

	}

	/** An authenticator that is observed. */
	@Configuration(proxyBeanMethods = false)
	static class Authenticator {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ConnectAuthenticator authenticator(ObservationRegistry registry) {
			return (connect) -> {
				Observation.createNotStarted("authenticate", registry).observe(() -> {
				});
				return null;
			};
		}

	}

}
