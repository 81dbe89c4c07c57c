package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.node.RealtimeNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces that clients are not told, and nodes of which nothing is recorded because
 * nothing handles observations, or ours are switched off.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracedOptionsIT {

	private final TracedNodes traced = new TracedNodes();

	@AfterAll
	void stop() {
		this.traced.close();
	}

	static List<List<String>> silent() {
		return List.of(List.of(), List.of(ChatNode.OBSERVED + "=false"),
				List.of(ChatNode.OBSERVED + "=false", ChatNode.ON_NETTY, "realtime.netty.threads=2"),
				List.of("realtime.tracing.to-clients=true", "realtime.tracing.enabled=false"));
	}

	@ParameterizedTest
	@MethodSource("silent")
	void clientsGetNoTraceUnlessTheyAreTold(List<String> properties) {
		String trace = TracedNodes.newTrace();
		try (ConfigurableApplicationContext node = start(properties);
				StompTestClient ann = TracedNodes.connect(node, "ann", Map.of());
				EventStream stream = EventStream.open(ChatNode.port(node), "topic=room.1")) {
			ann.subscribe("s", "/topic/room.1");
			Map<String, String> headers = new HashMap<>(Map.of("destination", "/topic/room.1"));
			headers.put("content-type", "text/plain");
			headers.put("traceparent", TracedNodes.traceparent(trace, true));
			ann.send("SEND", headers, "hello");
			StompFrame message = ann.await("the message", StompFrame::isMessage);
			stream.await("message");
			HttpResponse<String> poll = Polls.poll(ChatNode.port(node), "topic=room.1&rewind=1");
			HttpResponse<String> history = Http.get(ChatNode.webPort(node), "/realtime/topics/room.1/messages");
			assertThat(poll.body()).contains("hello");
			assertThat(history.body()).contains("hello");
			assertThat(message.toString() + stream.lines + poll.body() + history.body()).doesNotContain(trace)
				.doesNotContain("traceparent");
			assertThat(isTraced(node, "room.1")).isEqualTo(!properties.contains("realtime.tracing.enabled=false"));
		}
	}

	static List<List<String>> unobserved() {
		return List.of(List.of("registry.noop=true"), List.of("registry.noop=true", ChatNode.OBSERVED + "=false"),
				List.of("management.observations.enable.realtime=false"),
				List.of("management.observations.enable.realtime=false", ChatNode.OBSERVED + "=false"));
	}

	@ParameterizedTest
	@MethodSource("unobserved")
	void whatNothingRecordsWorksAsEver(List<String> properties) {
		String trace = TracedNodes.newTrace();
		String traceparent = TracedNodes.traceparent(trace, true);
		try (ConfigurableApplicationContext node = start(properties)) {
			RealtimePublisher publisher = node.getBean(RealtimePublisher.class);
			String epoch = publisher.publishAndWait("room.2", "first").position().epoch();
			publisher.publish("room.2", "second").toCompletableFuture().join();
			try (StompTestClient ann = TracedNodes.connect(node, "ann", Map.of("traceparent", traceparent))) {
				StompFrame receipt = ann.subscribe("s", "/topic/room.2",
						Map.of("epoch", epoch, "last-seq", "1", "traceparent", traceparent));
				assertThat(receipt.header("recovered")).isEqualTo("true");
				ann.send("SEND", Map.of("destination", "/topic/room.2", "traceparent", traceparent), "third");
				ann.await("the message", (frame) -> frame.body().equals("third"));
				assertThat(ann.seqs()).containsExactly(2L, 3L);
				ann.send("SUBSCRIBE", Map.of("id", "n", "destination", "/nowhere/x", "traceparent", traceparent), "");
				ann.await("a refusal", (frame) -> frame.isEvent("denied"));
			}
			assertThat(isTraced(node, "room.2")).isFalse();
			assertThat(node.getBean(MeterRegistry.class).get("realtime.tracing.dropped").functionCounter().count())
				.isZero();
		}
		assertThatNothingIsRecordedOf(trace);
	}

	/** Spans of a node that is closed are exported. */
	private void assertThatNothingIsRecordedOf(String trace) {
		String fence = TracedNodes.newTrace();
		try (ConfigurableApplicationContext node = start(List.of())) {
			TracedNodes.connect(node, "ann", Map.of("traceparent", TracedNodes.traceparent(fence, true))).close();
		}
		await().atMost(TracedNodes.SOON).untilAsserted(() -> this.traced.span(fence, "receive CONNECT"));
		assertThat(this.traced.ofTrace(trace)).isEmpty();
	}

	private ConfigurableApplicationContext start(List<String> properties) {
		return this.traced.startAlone(Registries.class, properties.toArray(String[]::new));
	}

	private static boolean isTraced(ConfigurableApplicationContext node, String topic) {
		LogPage page = node.getBean(RealtimeNode.class)
			.broker()
			.log()
			.readBefore(Topic.of(topic), null, 10)
			.toCompletableFuture()
			.join();
		return ((LogPage.Found) page).messages().stream().anyMatch((message) -> message.content().trace() != null);
	}

	@Configuration(proxyBeanMethods = false)
	static class Registries {

		@Bean
		@ConditionalOnProperty("registry.noop")
		ObservationRegistry noop() {
			return ObservationRegistry.NOOP;
		}

	}

}
