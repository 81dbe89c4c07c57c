package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.realtime.RealtimePublisher;
import dev.realtime.node.RealtimeNode;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Spans of frames that get no answer, of repairs, and handlers of spans that fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracedFailuresIT {

	/** How many frames an interceptor has dropped. */
	private static final AtomicInteger DROPPED = new AtomicInteger();

	private final TracedNodes traced = new TracedNodes(TracedClientsIT.State.class);

	@AfterAll
	void stop() {
		this.traced.close();
	}

	@Test
	void aFrameWithoutAnAnswerEndsWithItsConnection() {
		String trace = TracedNodes.newTrace();
		try (ConfigurableApplicationContext dropping = node("connects.drop=true")) {
			try (StompTestClient client = StompTestClient.open(ChatNode.port(dropping))) {
				client.send("CONNECT",
						TracedNodes.connectHeaders("ann", Map.of("traceparent", TracedNodes.traceparent(trace, true))),
						"");
				await().atMost(TracedNodes.SOON).until(() -> DROPPED.get() > 0);
			}
			await().atMost(TracedNodes.SOON)
				.untilAsserted(() -> assertThat(this.traced.span(trace, "receive CONNECT").attributes())
					.containsEntry("outcome", "closed"));
		}
	}

	/** It would hold one of the node's places until its connection ends. */
	@Test
	void rule8_aSubscribeThatAnInterceptorDropsEndsAtOnce() {
		String trace = TracedNodes.newTrace();
		try (ConfigurableApplicationContext dropping = node("subscribes.drop=true");
				StompTestClient client = TracedNodes.connect(dropping, "ann", Map.of())) {
			client.send("SUBSCRIBE", Map.of("id", "s", "destination", "/topic/room.1", "traceparent",
					TracedNodes.traceparent(trace, true)), "");
			await().atMost(TracedNodes.SOON)
				.untilAsserted(() -> assertThat(this.traced.span(trace, "receive SUBSCRIBE").attributes())
					.containsEntry("outcome", "ended"));
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
				try (StompTestClient ann = TracedNodes.connect(failing, "ann", Map.of())) {
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
		try (ConfigurableApplicationContext node = this.traced.startAlone(LateBroker.Config.class);
				StompTestClient ann = TracedNodes.connect(node, "ann", Map.of())) {
			ann.subscribe("s", "/topic/room.4");
			LateBroker broker = (LateBroker) node.getBean(RealtimeNode.class).broker();
			broker.delayRelay(Duration.ofSeconds(30));
			node.getBean(RealtimePublisher.class).publishAndWait("room.4", "late");
			broker.delayRelay(Duration.ZERO);
			node.getBean(RealtimePublisher.class).publishAndWait("room.4", "in time");
			ann.await("the message", (frame) -> frame.body().equals("in time"));
			await().atMost(TracedNodes.SOON).untilAsserted(() -> {
				List<OtlpReceiver.Span> repairs = this.traced.named("repair rooms");
				assertThat(repairs).hasSize(1);
				assertThat(repairs.get(0).parent()).isEmpty();
				assertThat(repairs.get(0).attributes()).containsEntry("realtime.cause", "hole")
					.containsEntry("messaging.destination.name", "room.4")
					.containsEntry("messaging.batch.message_count", "2")
					.containsEntry("realtime.node", node.getBean(RealtimeNode.class).id());
			});
		}
	}

	private ConfigurableApplicationContext node(String... more) {
		return this.traced.startAlone(Parts.class, more);
	}

	/** Interceptors that drop frames, and a handler that fails. */
	@Configuration(proxyBeanMethods = false)
	static class Parts {

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
			return new FailingObservationHandler();
		}

	}

}
