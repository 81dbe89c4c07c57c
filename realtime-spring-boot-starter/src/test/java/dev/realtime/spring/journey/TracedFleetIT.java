package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A message is one trace, from the request that publishes it to each node's delivery. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracedFleetIT {

	/** Spans are exported every 5 s. */
	private static final Duration SOON = Duration.ofSeconds(20);

	private static final String CLIENT_SPAN = "00f067aa0ba902b7";

	private final RedisServer redis = RedisServer.startProcess();

	private final OtlpReceiver collector = new OtlpReceiver();

	private final ConfigurableApplicationContext one = node();

	private final ConfigurableApplicationContext two = node(ChatNode.OBSERVED + "=false");

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.collector.close();
		this.redis.close();
	}

	@Test
	void aRequestItsPublicationAndTheDeliveryOnEachNodeAreOneTrace() {
		String trace = newTrace();
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room.1");
			bob.subscribe("s", "/topic/room.1");
			HttpResponse<String> answer = Polls.ask(ChatNode.webPort(this.one), "POST", "/say/room.1", "hello",
					"traceparent", traceparent(trace, true), "Content-Type", "text/plain");
			assertThat(answer.statusCode()).isEqualTo(200);
			StompFrame message = bob.await("the message", StompFrame::isMessage);
			assertThat(message.toString()).doesNotContain("traceparent").doesNotContain(trace);
			ann.await("the message", StompFrame::isMessage);
			String position = message.header("message-id");
			await().atMost(SOON).untilAsserted(() -> {
				OtlpReceiver.Span request = span(trace, "http post /say/{topic}");
				assertThat(request.parent()).isEqualTo(CLIENT_SPAN);
				OtlpReceiver.Span publish = span(trace, "publish rooms");
				assertThat(publish.parent()).isEqualTo(request.id());
				assertThat(publish.kind()).isEqualTo(OtlpReceiver.PRODUCER);
				assertThat(publish.attributes()).containsEntry("messaging.destination.name", "room.1")
					.containsEntry("messaging.message.id", position)
					.containsEntry("messaging.destination.template", "rooms")
					.containsEntry("outcome", "ok");
				assertThat(spans(trace, "deliver rooms")).hasSize(2).allSatisfy((deliver) -> {
					assertThat(deliver.parent()).isEqualTo(publish.id());
					assertThat(deliver.kind()).isEqualTo(OtlpReceiver.CONSUMER);
					assertThat(deliver.attributes()).containsEntry("messaging.message.id", position);
				}).extracting((deliver) -> deliver.attributes().get("realtime.node")).doesNotHaveDuplicates();
			});
		}
	}

	@Test
	void aClientsTraceIsContinuedBySendsToTopicsAndToMethods() {
		for (ConfigurableApplicationContext node : List.of(this.one, this.two)) {
			for (String destination : List.of("/topic/room.2", "/app/shout/room.2")) {
				String trace = newTrace();
				sendTraced(node, destination, trace);
				await().atMost(SOON).untilAsserted(() -> {
					OtlpReceiver.Span receive = span(trace, "receive SEND");
					assertThat(receive.parent()).isEqualTo(CLIENT_SPAN);
					assertThat(receive.kind()).isEqualTo(OtlpReceiver.SERVER);
					assertThat(receive.attributes()).containsEntry("messaging.destination.name", destination);
					assertThat(span(trace, "publish rooms").parent()).isEqualTo(receive.id());
				});
			}
		}
	}

	@Test
	void whatIsNotSampledIsNotRecordedOnAnyNode() {
		String unsampled = newTrace();
		String sampled = newTrace();
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room.3");
			for (String trace : List.of(unsampled, sampled)) {
				Polls.ask(ChatNode.webPort(this.one), "POST", "/say/room.3", trace, "traceparent",
						traceparent(trace, trace.equals(sampled)), "Content-Type", "text/plain");
				bob.await("the message", (frame) -> frame.body().equals(trace));
			}
			await().atMost(SOON).untilAsserted(() -> assertThat(spans(sampled, "deliver rooms")).isNotEmpty());
			assertThat(this.collector.ofTrace(unsampled)).isEmpty();
			assertThat(traces("room.3")).containsExactly(false, true);
		}
	}

	@Test
	void rule9_anObservationHandlerThatFailsStopsNoMessage() {
		try (ConfigurableApplicationContext failing = node("handlers.fail=true");
				StompTestClient dan = StompTestClient.connect(ChatNode.port(failing), "dan")) {
			dan.subscribe("s", "/topic/room.4");
			failing.getBean(RealtimePublisher.class).publishAndWait("room.4", "waited for");
			failing.getBean(RealtimePublisher.class).publish("room.4", "not waited for").toCompletableFuture().join();
			dan.send("SEND", Map.of("destination", "/topic/room.4"), "sent");
			dan.send("SEND", Map.of("destination", "/app/shout/room.4"), "shouted");
			for (String body : List.of("waited for", "not waited for", "sent", "shouted")) {
				dan.await("the message", (frame) -> frame.isMessage() && frame.body().contains(body));
			}
		}
	}

	@Test
	void aClientsTraceIsIgnoredIfClientsAreNotTrusted() {
		String trace = newTrace();
		try (ConfigurableApplicationContext strict = node("realtime.tracing.continue-clients=false")) {
			sendTraced(strict, "/topic/room.5", trace);
		}
		sendTraced(this.two, "/topic/room.5", trace);
		await().atMost(SOON).untilAsserted(() -> span(trace, "receive SEND"));
		assertThat(traces("room.5")).containsExactly(true, true);
		try (ConfigurableApplicationContext unsampled = node("realtime.tracing.continue-clients=false",
				"management.tracing.sampling.probability=0")) {
			sendTraced(unsampled, "/topic/room.5", trace);
			unsampled.getBean(RealtimePublisher.class).publishAndWait("room.5", "within no span");
		}
		assertThat(traces("room.5")).containsExactly(true, true, false, false);
	}

	private static void sendTraced(ConfigurableApplicationContext node, String destination, String trace) {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(node), "cid")) {
			client.send("SEND",
					Map.of("destination", destination, "receipt", "r", "traceparent", traceparent(trace, true)),
					"hello");
			client.await("the receipt", (frame) -> frame.command().equals("RECEIPT"));
		}
	}

	/** Whether the messages of the topic's log have a trace, the oldest first. */
	private List<Boolean> traces(String topic) {
		CompletionStage<LogPage> log = this.one.getBean(RealtimeNode.class)
			.broker()
			.log()
			.readBefore(Topic.of(topic), null, 10);
		return ((LogPage.Found) log.toCompletableFuture().join()).messages()
			.stream()
			.map((message) -> message.content().trace() != null)
			.toList();
	}

	private ConfigurableApplicationContext node(String... more) {
		List<String> properties = new ArrayList<>(this.collector.properties());
		properties.addAll(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + this.redis.port(), "realtime.shards=2",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
				"realtime.drain.spread=0s", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		properties.addAll(List.of(more));
		return new SpringApplicationBuilder(ChatNode.class, Rooms.class, Handlers.class).bannerMode(Banner.Mode.OFF)
			.properties(properties.toArray(String[]::new))
			.run();
	}

	private OtlpReceiver.Span span(String trace, String name) {
		List<OtlpReceiver.Span> found = spans(trace, name);
		assertThat(found).as(name + " in " + this.collector.ofTrace(trace)).hasSize(1);
		return found.get(0);
	}

	private List<OtlpReceiver.Span> spans(String trace, String name) {
		return this.collector.ofTrace(trace).stream().filter((span) -> span.name().equals(name)).toList();
	}

	private static String newTrace() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return String.format("%016x%016x", random.nextLong(), random.nextLong(1, Long.MAX_VALUE));
	}

	private static String traceparent(String trace, boolean sampled) {
		return "00-" + trace + '-' + CLIENT_SPAN + (sampled ? "-01" : "-00");
	}

	@Controller
	static class Rooms {

		private final RealtimePublisher publisher;

		Rooms(RealtimePublisher publisher) {
			this.publisher = publisher;
		}

		@PostMapping("/say/{topic}")
		@ResponseBody
		String say(@PathVariable("topic") String topic, @RequestBody String text) {
			return this.publisher.publishAndWait(topic, text).position().toString();
		}

		@MessageMapping("/shout/{topic}")
		@SendTo("/topic/{topic}")
		String shout(@DestinationVariable("topic") String topic, String text) {
			return text;
		}

	}

	/** An observation handler of the application's that fails. */
	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@Bean
		@ConditionalOnProperty("handlers.fail")
		ObservationHandler<Observation.Context> failing() {
			return new ObservationHandler<>() {

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context.getClass().getName().startsWith("dev.realtime.");
				}

				@Override
				public void onStart(Observation.Context context) {
					throw new AssertionError("start of " + context.getName());
				}

				@Override
				public void onStop(Observation.Context context) {
					throw new AssertionError("end of " + context.getName());
				}

			};
		}

	}

}
