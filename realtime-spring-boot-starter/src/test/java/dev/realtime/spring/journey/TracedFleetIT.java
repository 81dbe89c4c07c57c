package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.node.RealtimeNode;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.testing.RedisServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
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

	private final RedisServer redis = RedisServer.startProcess();

	private final TracedNodes traced = new TracedNodes(Rooms.class);

	private final ConfigurableApplicationContext one = node();

	private final ConfigurableApplicationContext two = node(ChatNode.OBSERVED + "=false");

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.traced.close();
		this.redis.close();
	}

	@Test
	void aRequestItsPublicationAndTheDeliveryOnEachNodeAreOneTrace() {
		String trace = TracedNodes.newTrace();
		try (StompTestClient ann = StompTestClient.connect(ChatNode.port(this.one), "ann");
				StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			ann.subscribe("s", "/topic/room.1");
			bob.subscribe("s", "/topic/room.1");
			HttpResponse<String> answer = Polls.ask(ChatNode.webPort(this.one), "POST", "/say/room.1", "hello",
					"traceparent", TracedNodes.traceparent(trace, true), "Content-Type", "text/plain");
			assertThat(answer.statusCode()).isEqualTo(200);
			StompFrame message = bob.await("the message", StompFrame::isMessage);
			assertThat(message.toString()).doesNotContain("traceparent").doesNotContain(trace);
			ann.await("the message", StompFrame::isMessage);
			String position = message.header("message-id");
			await().atMost(TracedNodes.SOON).untilAsserted(() -> {
				OtlpReceiver.Span request = this.traced.span(trace, "http post /say/{topic}");
				assertThat(request.parent()).isEqualTo(TracedNodes.CLIENT_SPAN);
				OtlpReceiver.Span publish = this.traced.span(trace, "publish rooms");
				assertThat(publish.parent()).isEqualTo(request.id());
				assertThat(publish.kind()).isEqualTo(OtlpReceiver.PRODUCER);
				assertThat(publish.attributes()).containsEntry("messaging.destination.name", "room.1")
					.containsEntry("messaging.message.id", position)
					.containsEntry("messaging.destination.template", "rooms")
					.containsEntry("outcome", "ok");
				OtlpReceiver.Span store = this.traced.span(trace, "store rooms");
				assertThat(store.parent()).isEqualTo(publish.id());
				assertThat(store.kind()).isEqualTo(OtlpReceiver.CLIENT);
				assertThat(store.attributes()).containsEntry("messaging.message.id", position)
					.containsEntry("outcome", "ok");
				// The script that stores has announced it, too.
				assertThat(this.traced.spans(trace, "announce rooms")).isEmpty();
				assertThat(this.traced.spans(trace, "deliver rooms")).hasSize(2).allSatisfy((deliver) -> {
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
				String trace = TracedNodes.newTrace();
				sendTraced(node, destination, trace);
				await().atMost(TracedNodes.SOON).untilAsserted(() -> {
					OtlpReceiver.Span receive = this.traced.span(trace, "receive SEND");
					assertThat(receive.parent()).isEqualTo(TracedNodes.CLIENT_SPAN);
					assertThat(receive.kind()).isEqualTo(OtlpReceiver.SERVER);
					assertThat(receive.attributes()).containsEntry("messaging.destination.name", destination);
					assertThat(this.traced.span(trace, "publish rooms").parent()).isEqualTo(receive.id());
				});
			}
		}
	}

	@Test
	void whatIsNotSampledIsNotRecordedOnAnyNode() {
		String unsampled = TracedNodes.newTrace();
		String sampled = TracedNodes.newTrace();
		try (StompTestClient bob = StompTestClient.connect(ChatNode.port(this.two), "bob")) {
			bob.subscribe("s", "/topic/room.3");
			for (String trace : List.of(unsampled, sampled)) {
				Polls.ask(ChatNode.webPort(this.one), "POST", "/say/room.3", trace, "traceparent",
						TracedNodes.traceparent(trace, trace.equals(sampled)), "Content-Type", "text/plain");
				bob.await("the message", (frame) -> frame.body().equals(trace));
			}
			await().atMost(TracedNodes.SOON)
				.untilAsserted(() -> assertThat(this.traced.spans(sampled, "deliver rooms")).isNotEmpty());
			assertThat(this.traced.ofTrace(unsampled)).isEmpty();
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
		String trace = TracedNodes.newTrace();
		try (ConfigurableApplicationContext strict = node("realtime.tracing.continue-clients=false")) {
			sendTraced(strict, "/topic/room.5", trace);
		}
		sendTraced(this.two, "/topic/room.5", trace);
		await().atMost(TracedNodes.SOON).untilAsserted(() -> this.traced.span(trace, "receive SEND"));
		assertThat(traces("room.5")).containsExactly(true, true);
		try (ConfigurableApplicationContext unsampled = node("realtime.tracing.continue-clients=false",
				"management.tracing.sampling.probability=0")) {
			sendTraced(unsampled, "/topic/room.5", trace);
			unsampled.getBean(RealtimePublisher.class).publishAndWait("room.5", "within no span");
		}
		assertThat(traces("room.5")).containsExactly(true, true, false, false);
	}

	@Test
	void anAnnouncementByARelayOfItsOwnIsAChildOfThePublication() {
		String trace = TracedNodes.newTrace();
		try (ConfigurableApplicationContext relayed = node("relay.own=true", "realtime.redis.prefix=relayed")) {
			sendTraced(relayed, "/topic/room.6", trace);
		}
		await().atMost(TracedNodes.SOON).untilAsserted(() -> {
			OtlpReceiver.Span publish = this.traced.span(trace, "publish rooms");
			OtlpReceiver.Span announce = this.traced.span(trace, "announce rooms");
			assertThat(announce.parent()).isEqualTo(publish.id());
			assertThat(announce.attributes()).containsEntry("outcome", "ok")
				.containsEntry("messaging.message.id",
						String.valueOf(publish.attributes().get("messaging.message.id")));
			assertThat(this.traced.span(trace, "store rooms").parent()).isEqualTo(publish.id());
		});
	}

	@Test
	void aPublicationThatCannotBeStoredHasAStoreThatFailed() {
		String trace = TracedNodes.newTrace();
		RedisServer other = RedisServer.startProcess();
		try (ConfigurableApplicationContext lonely = node("spring.data.redis.port=" + other.port())) {
			other.close();
			Polls.ask(ChatNode.webPort(lonely), "POST", "/say/room.7", "hello", "traceparent",
					TracedNodes.traceparent(trace, true), "Content-Type", "text/plain");
		}
		await().atMost(TracedNodes.SOON)
			.untilAsserted(() -> assertThat(this.traced.span(trace, "store rooms").attributes())
				.containsEntry("outcome", "failed"));
	}

	@Test
	void clientsGetTheTraceOfAMessageIfTheyAreTold() {
		String trace = TracedNodes.newTrace();
		for (String observed : List.of("true", "false")) {
			try (ConfigurableApplicationContext telling = node("realtime.tracing.to-clients=true",
					ChatNode.OBSERVED + '=' + observed);
					StompTestClient ann = StompTestClient.connect(ChatNode.port(telling), "ann");
					StompTestClient bob = StompTestClient.connect(ChatNode.port(telling), "bob")) {
				ann.subscribe("s", "/topic/room.8");
				bob.subscribe("s", "/topic/room.8");
				sendTraced(telling, "/topic/room.8", trace);
				String traceparent = ann.await("the message", StompFrame::isMessage).header("traceparent");
				assertThat(bob.await("the message", StompFrame::isMessage).header("traceparent"))
					.isEqualTo(traceparent);
				assertThat(Polls.poll(ChatNode.webPort(telling), "topic=room.8&rewind=1").body())
					.contains("\"traceparent\":\"" + traceparent + '"');
				await().atMost(TracedNodes.SOON)
					.untilAsserted(() -> assertThat(this.traced.spans(trace, "publish rooms"))
						.anySatisfy((publish) -> assertThat(traceparent)
							.isEqualTo("00-" + trace + '-' + publish.id() + "-01")));
			}
		}
	}

	@Test
	void messagesThatAreDeliveredTogetherAreOneSpanWithLinks() {
		List<StompTestClient> clients = new ArrayList<>();
		try (ConfigurableApplicationContext node = node("realtime.broker=memory", "realtime.shards=1")) {
			for (int i = 0; i < 40; i++) {
				StompTestClient client = StompTestClient.connect(ChatNode.port(node), "client-" + i);
				clients.add(client);
				client.subscribe("s", "/topic/room.9");
			}
			RealtimePublisher publisher = node.getBean(RealtimePublisher.class);
			for (int i = 0; i < 200; i++) {
				var unused = publisher.publish("room.9", "text");
			}
			clients.forEach((client) -> await().atMost(TracedNodes.SOON).until(() -> client.messages().size() == 200));
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
		await().atMost(TracedNodes.SOON).untilAsserted(() -> {
			List<String> published = of("room.9", "publish rooms").stream().map(OtlpReceiver.Span::id).toList();
			List<OtlpReceiver.Span> delivers = of("room.9", "deliver rooms");
			List<String> delivered = new ArrayList<>();
			delivers.forEach((deliver) -> {
				delivered.add(deliver.parent());
				delivered.addAll(deliver.links());
				assertThat(deliver.attributes()).containsEntry("messaging.batch.message_count",
						String.valueOf(1 + deliver.links().size()));
			});
			assertThat(published).hasSize(200);
			assertThat(delivered).containsExactlyInAnyOrderElementsOf(published);
			assertThat(delivers).hasSizeLessThan(200);
		});
	}

	private List<OtlpReceiver.Span> of(String topic, String name) {
		return this.traced.named(name)
			.stream()
			.filter((span) -> topic.equals(span.attributes().get("messaging.destination.name")))
			.toList();
	}

	private static void sendTraced(ConfigurableApplicationContext node, String destination, String trace) {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(node), "cid")) {
			client.send("SEND", Map.of("destination", destination, "receipt", "r", "traceparent",
					TracedNodes.traceparent(trace, true)), "hello");
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
		List<String> properties = new ArrayList<>(
				List.of("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + this.redis.port()));
		properties.addAll(List.of(more));
		return this.traced.start(Handlers.class, properties.toArray(String[]::new));
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
		@ConditionalOnProperty("relay.own")
		Relay relay() {
			return new LoopbackRelay();
		}

		@Bean
		@ConditionalOnProperty("handlers.fail")
		ObservationHandler<Observation.Context> failing() {
			return new FailingObservationHandler();
		}

	}

}
