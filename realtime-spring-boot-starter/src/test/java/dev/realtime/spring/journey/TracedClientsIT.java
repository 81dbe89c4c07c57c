package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.realtime.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.security.ConnectAuthenticator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Spans of clients' CONNECTs and SUBSCRIBEs, recoveries and repairs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracedClientsIT {

	/** Spans are exported every 5 s. */
	private static final Duration SOON = Duration.ofSeconds(20);

	private static final String CLIENT_SPAN = "00f067aa0ba902b7";

	/** How many frames an interceptor has dropped. */
	private static final AtomicInteger DROPPED = new AtomicInteger();

	private final OtlpReceiver collector = new OtlpReceiver();

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
		this.collector.close();
	}

	@Test
	void aClientsTraceIsContinuedByItsConnectAndItsSubscribe() {
		this.nodes.forEach((name, node) -> {
			String trace = newTrace();
			try (StompTestClient ann = connect(node, "ann", Map.of("traceparent", traceparent(trace, true)))) {
				ann.subscribe("s", "/topic/room.1", Map.of("traceparent", traceparent(trace, true)));
			}
			await().atMost(SOON).untilAsserted(() -> {
				OtlpReceiver.Span connect = span(trace, "receive CONNECT");
				assertThat(connect.parent()).isEqualTo(CLIENT_SPAN);
				assertThat(connect.kind()).isEqualTo(OtlpReceiver.SERVER);
				assertThat(connect.attributes()).containsEntry("outcome", "ok")
					.containsEntry("realtime.reason", "none")
					.containsEntry("realtime.transport",
							Map.of("netty", "netty", "standard", "servlet").getOrDefault(name, "direct"));
				OtlpReceiver.Span subscribe = span(trace, "receive SUBSCRIBE");
				assertThat(subscribe.parent()).isEqualTo(CLIENT_SPAN);
				assertThat(subscribe.attributes()).containsEntry("outcome", "ok")
					.containsEntry("messaging.destination.template", "rooms")
					.containsEntry("messaging.destination.name", "/topic/room.1");
				assertThat(spans(trace, "recover rooms")).isEmpty();
			});
		});
	}

	@Test
	void everyKindOfSubscribeEndsWithItsAnswer() {
		for (String name : List.of("messages", "standard")) {
			Map<String, String> traces = new LinkedHashMap<>();
			try (StompTestClient ann = connect(named(name), "ann", Map.of());
					StompTestClient nobody = connect(named(name), null, Map.of())) {
				for (String destination : List.of("/topic/room.*", "/user/queue/notes", "/app/state")) {
					String trace = newTrace();
					traces.put(destination, trace);
					ann.subscribe("s" + traces.size(), destination, Map.of("traceparent", traceparent(trace, true)));
				}
				String anonymous = newTrace();
				traces.put("nobody", anonymous);
				nobody.subscribe("n", "/user/queue/notes", Map.of("traceparent", traceparent(anonymous, true)));
				traces.forEach((destination, trace) -> await().atMost(SOON)
					.untilAsserted(() -> assertThat(span(trace, "receive SUBSCRIBE").attributes()).as(destination)
						.containsEntry("outcome", "ok")
						.containsEntry("messaging.destination.template",
								destination.equals("/user/queue/notes") ? "default" : "none")));
			}
		}
	}

	@Test
	void aRefusalIsTheOutcomeWithItsReason() {
		this.nodes.forEach((name, node) -> {
			String trace = newTrace();
			String plain = newTrace();
			try (StompTestClient ann = connect(node, "ann", Map.of());
					StompTestClient bob = StompTestClient.connectPlain(ChatNode.port(node), "bob")) {
				ann.send("SUBSCRIBE",
						Map.of("id", "s", "destination", "/nowhere/x", "traceparent", traceparent(trace, true)), "");
				bob.send("SUBSCRIBE",
						Map.of("id", "s", "destination", "/nowhere/x", "traceparent", traceparent(plain, true)), "");
				for (String each : List.of(trace, plain)) {
					await().atMost(SOON)
						.untilAsserted(() -> assertThat(span(each, "receive SUBSCRIBE").attributes())
							.containsEntry("outcome", "refused")
							.containsEntry("realtime.reason", "unknown-destination"));
				}
			}
		});
		for (String name : List.of("short", "netty")) {
			String trace = newTrace();
			try (StompTestClient client = StompTestClient.open(ChatNode.port(named(name)))) {
				client.send("CONNECT", connectHeaders("refused", Map.of("traceparent", traceparent(trace, true))), "");
				await().atMost(SOON)
					.untilAsserted(() -> assertThat(span(trace, "receive CONNECT").attributes())
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
			String trace = newTrace();
			String lost = newTrace();
			try (StompTestClient ann = connect(node, "ann", Map.of())) {
				ann.subscribe("s", "/topic/room.2",
						Map.of("traceparent", traceparent(trace, true), "epoch", epoch, "last-seq", "1"));
				ann.subscribe("t", "/topic/room.2",
						Map.of("traceparent", traceparent(lost, true), "epoch", "AAAAAAAAAA", "last-seq", "1"));
				await().atMost(SOON).untilAsserted(() -> {
					OtlpReceiver.Span recover = span(trace, "recover rooms");
					assertThat(recover.parent()).isEqualTo(span(trace, "receive SUBSCRIBE").id());
					assertThat(recover.kind()).isEqualTo(OtlpReceiver.CLIENT);
					assertThat(recover.attributes()).containsEntry("outcome", "ok")
						.containsEntry("messaging.batch.message_count", "2");
					assertThat(span(lost, "recover rooms").attributes()).containsEntry("outcome", "epoch-changed");
				});
			}
		});
	}

	@Test
	void whatTheApplicationDoesForAFrameIsItsChild() {
		this.nodes.forEach((name, node) -> {
			String trace = newTrace();
			try (StompTestClient ann = connect(node, "ann", Map.of("traceparent", traceparent(trace, true)))) {
				ann.subscribe("s", "/app/state", Map.of("traceparent", traceparent(trace, true)));
			}
			await().atMost(SOON).untilAsserted(() -> {
				assertThat(span(trace, "authenticate").parent()).isEqualTo(span(trace, "receive CONNECT").id());
				assertThat(span(trace, "state").parent()).isEqualTo(span(trace, "receive SUBSCRIBE").id());
			});
		});
	}

	@Test
	void whatIsNotSampledOrNotTrustedIsNotContinued() {
		String unsampled = newTrace();
		String untrusted = newTrace();
		String sampled = newTrace();
		try (ConfigurableApplicationContext strict = node("realtime.tracing.continue-clients=false")) {
			join(strict, traceparent(untrusted, true));
		}
		join(named("short"), traceparent(unsampled, false));
		join(named("messages"), traceparent(unsampled, false));
		join(named("short"), traceparent(sampled, true));
		join(named("messages"), traceparent(sampled, true));
		await().atMost(SOON).untilAsserted(() -> assertThat(spans(sampled, "recover rooms")).hasSize(2));
		assertThat(this.collector.ofTrace(unsampled)).isEmpty();
		assertThat(this.collector.ofTrace(untrusted)).isEmpty();
	}

	@Test
	void aFrameWithoutAnAnswerEndsWithItsConnection() {
		String trace = newTrace();
		try (ConfigurableApplicationContext dropping = node("connects.drop=true")) {
			try (StompTestClient client = StompTestClient.open(ChatNode.port(dropping))) {
				client.send("CONNECT", connectHeaders("ann", Map.of("traceparent", traceparent(trace, true))), "");
				await().atMost(SOON).until(() -> DROPPED.get() > 0);
			}
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(span(trace, "receive CONNECT").attributes()).containsEntry("outcome",
						"closed"));
		}
	}

	/** It would hold one of the node's places until its connection ends. */
	@Test
	void rule8_aSubscribeThatAnInterceptorDropsEndsAtOnce() {
		String trace = newTrace();
		try (ConfigurableApplicationContext dropping = node("subscribes.drop=true");
				StompTestClient client = connect(dropping, "ann", Map.of())) {
			client.send("SUBSCRIBE",
					Map.of("id", "s", "destination", "/topic/room.1", "traceparent", traceparent(trace, true)), "");
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(span(trace, "receive SUBSCRIBE").attributes()).containsEntry("outcome",
						"ended"));
		}
	}

	@Test
	void rule9_anObservationHandlerThatFailsRefusesNobody() {
		for (String observed : List.of("true", "false")) {
			try (ConfigurableApplicationContext failing = node("handlers.fail=true",
					ChatNode.OBSERVED + '=' + observed)) {
				RealtimePublisher publisher = failing.getBean(RealtimePublisher.class);
				String epoch = publisher.publishAndWait("room.3", "first").position().epoch();
				publisher.publishAndWait("room.3", "second");
				try (StompTestClient ann = connect(failing, "ann", Map.of())) {
					ann.subscribe("s", "/topic/room.3", Map.of("epoch", epoch, "last-seq", "1"));
					ann.await("what it lacks", (frame) -> frame.body().equals("second"));
					ann.subscribe("a", "/app/state");
					publisher.publishAndWait("room.3", "third");
					ann.await("the message", (frame) -> frame.body().equals("third"));
				}
			}
		}
	}

	@Test
	void aRepairIsATraceOfItsOwnWithItsCause() {
		try (ConfigurableApplicationContext node = node(LateBroker.Config.class);
				StompTestClient ann = connect(node, "ann", Map.of())) {
			ann.subscribe("s", "/topic/room.4");
			LateBroker broker = (LateBroker) node.getBean(RealtimeNode.class).broker();
			broker.delayRelay(Duration.ofSeconds(30));
			node.getBean(RealtimePublisher.class).publishAndWait("room.4", "late");
			broker.delayRelay(Duration.ZERO);
			node.getBean(RealtimePublisher.class).publishAndWait("room.4", "in time");
			ann.await("the message", (frame) -> frame.body().equals("in time"));
			await().atMost(SOON).untilAsserted(() -> {
				List<OtlpReceiver.Span> repairs = this.collector.named("repair rooms");
				assertThat(repairs).hasSize(1);
				assertThat(repairs.get(0).parent()).isEmpty();
				assertThat(repairs.get(0).attributes()).containsEntry("realtime.cause", "hole")
					.containsEntry("messaging.destination.name", "room.4")
					.containsEntry("messaging.batch.message_count", "2")
					.containsEntry("realtime.node", node.getBean(RealtimeNode.class).id());
			});
		}
	}

	/** Connects, and recovers a topic that is empty. */
	private static void join(ConfigurableApplicationContext node, String traceparent) {
		String epoch = node.getBean(RealtimePublisher.class).publishAndWait("room.6", "text").position().epoch();
		try (StompTestClient client = connect(node, "cid", Map.of("traceparent", traceparent))) {
			client.subscribe("s", "/topic/room.6", Map.of("traceparent", traceparent, "epoch", epoch, "last-seq", "0"));
		}
	}

	private static StompTestClient connect(ConfigurableApplicationContext node, @Nullable String login,
			Map<String, String> more) {
		StompTestClient client = StompTestClient.open(ChatNode.port(node));
		client.send("CONNECT", connectHeaders(login, more), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	private static Map<String, String> connectHeaders(@Nullable String login, Map<String, String> more) {
		Map<String, String> headers = new LinkedHashMap<>(more);
		headers.putAll(Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"));
		if (login != null) {
			headers.put("login", login);
		}
		return headers;
	}

	private ConfigurableApplicationContext named(String name) {
		return Objects.requireNonNull(this.nodes.get(name));
	}

	private ConfigurableApplicationContext node(String... more) {
		return node(Parts.class, more);
	}

	private ConfigurableApplicationContext node(Class<?> config, String... more) {
		List<String> properties = new ArrayList<>(this.collector.properties());
		properties.addAll(List.of("server.port=0", "realtime.broker=memory", "realtime.shards=2",
				"realtime.topics.rooms.pattern=room.*", "realtime.drain.spread=0s", "realtime.security.anonymous=true",
				"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		properties.addAll(List.of(more));
		return new SpringApplicationBuilder(ChatNode.class, State.class, config).bannerMode(Banner.Mode.OFF)
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

	/** An authenticator that is observed, and a handler that fails. */
	@Configuration(proxyBeanMethods = false)
	static class Parts {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ConnectAuthenticator authenticator(ObservationRegistry registry) {
			return (connect) -> {
				Observation.createNotStarted("authenticate", registry).observe(() -> {
				});
				return null;
			};
		}

		@Bean
		@ConditionalOnProperty("connects.drop")
		WebSocketMessageBrokerConfigurer dropping() {
			return dropping((type) -> true);
		}

		@Bean
		@ConditionalOnProperty("subscribes.drop")
		WebSocketMessageBrokerConfigurer droppingSubscribes() {
			return dropping((type) -> type == SimpMessageType.SUBSCRIBE);
		}

		private static WebSocketMessageBrokerConfigurer dropping(Predicate<@Nullable SimpMessageType> dropped) {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void configureClientInboundChannel(ChannelRegistration registration) {
					registration.interceptors(new ChannelInterceptor() {

						@Override
						public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
							if (!dropped.test(SimpMessageHeaderAccessor.getMessageType(message.getHeaders()))) {
								return message;
							}
							DROPPED.incrementAndGet();
							return null;
						}

					});
				}

			};
		}

		@Bean
		@ConditionalOnProperty("handlers.fail")
		ObservationHandler<Observation.Context> failing() {
			return new TracedFleetIT.FailingHandler();
		}

	}

}
