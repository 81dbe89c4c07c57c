package dev.realtime.spring.publisher;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.testing.Sneaky;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CircuitBreakingPublisherTests {

	private static final Publication MESSAGE = Publication.of(Topic.of("room"), Content.text("x"));

	private final RecordingPublisher published = new RecordingPublisher();

	private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();

	private final RealtimePublisher publisher = BrokerBreaker
		.of(this.registry,
				CircuitBreakerConfig.custom()
					.slidingWindow(10, 20, SlidingWindowType.TIME_BASED)
					.permittedNumberOfCallsInHalfOpenState(5)
					.build())
		.before(this.published);

	private final CircuitBreaker breaker = this.registry.circuitBreaker(CircuitBreakingPublisher.BREAKER);

	@Test
	void failsAtOnceWhileTheBrokerKeepsFailing() {
		this.published.failWith(new IllegalStateException("away"));
		publish(20);
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
		this.published.failWith(null);
		assertThatExceptionOfType(PublishException.class).isThrownBy(() -> this.publisher.publishAndWait(MESSAGE))
			.withMessage("Could not publish on \"room\": the broker failed too often; "
					+ "circuit breaker realtime-broker is open")
			.matches((ex) -> !ex.isOutcomeUnknown());
		assertThat(this.published.published()).isEmpty();
	}

	@Test
	void closesAgainWhenTheBrokerIsBack() {
		this.breaker.transitionToOpenState();
		this.breaker.transitionToHalfOpenState();
		publish(5);
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(this.published.published()).hasSize(5);
	}

	@Test
	void wrongArgumentsAreNoFailuresOfTheBroker() {
		this.published.failWith(new IllegalArgumentException("too large"));
		publish(50);
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(this.breaker.getMetrics().getNumberOfFailedCalls()).isZero();
	}

	/** Or nothing could be published any more. */
	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_whateverIsThrownAtOnceIsACallThatHasEnded(Throwable thrown) {
		RealtimePublisher throwing = BrokerBreaker.of(this.registry, CircuitBreakerConfig.ofDefaults())
			.before((publication) -> {
				throw Sneaky.sneak(thrown);
			});
		this.breaker.transitionToOpenState();
		this.breaker.transitionToHalfOpenState();
		for (int i = 0; i < 5; i++) {
			assertThatThrownBy(() -> throwing.publish(MESSAGE)).isSameAs(thrown);
		}
		assertThat(this.breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
		assertThat(this.breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(5);
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("on purpose"), new NoClassDefFoundError("on purpose"),
				new IOException("on purpose"));
	}

	private void publish(int times) {
		for (int i = 0; i < times; i++) {
			assertThat(this.publisher.publish(MESSAGE).handle((receipt, failure) -> true)).succeedsWithin(1,
					TimeUnit.SECONDS);
		}
	}

}
