package dev.realtime.spring.publisher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Fails at once while the broker keeps failing, by the circuit breaker {@value #BREAKER}.
 * Publications that break a limit do not count as failures of the broker.
 */
public final class CircuitBreakingPublisher implements RealtimePublisher {

	/**
	 * The breaker's name: {@code resilience4j.circuitbreaker.instances.realtime-broker}.
	 */
	public static final String BREAKER = "realtime-broker";

	/**
	 * Unless the application configures its own: opens when half of the last 10 s failed,
	 * 20 at least, and tries again after 2 s, so that a broker that is back is used soon.
	 */
	private static final CircuitBreakerConfig DEFAULT = CircuitBreakerConfig.custom()
		.slidingWindow(10, 20, SlidingWindowType.TIME_BASED)
		.failureRateThreshold(50)
		.waitDurationInOpenState(Duration.ofSeconds(2))
		.permittedNumberOfCallsInHalfOpenState(5)
		.build();

	private final RealtimePublisher publisher;

	private final CircuitBreaker breaker;

	CircuitBreakingPublisher(RealtimePublisher publisher, CircuitBreaker breaker) {
		this.publisher = publisher;
		this.breaker = breaker;
	}

	/** Puts the registry's breaker before the publisher. */
	public static RealtimePublisher before(RealtimePublisher publisher, CircuitBreakerRegistry registry) {
		return new CircuitBreakingPublisher(publisher, registry.circuitBreaker(BREAKER, DEFAULT));
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		if (!this.breaker.tryAcquirePermission()) {
			return CompletableFuture.failedFuture(PublishException.refused(publication.topic(),
					"the broker failed too often; circuit breaker " + BREAKER + " is open",
					CallNotPermittedException.createCallNotPermittedException(this.breaker)));
		}
		long start = this.breaker.getCurrentTimestamp();
		CompletionStage<PublishReceipt> stage;
		try {
			stage = this.publisher.publish(publication);
		}
		catch (RuntimeException ex) {
			record(start, ex);
			throw ex;
		}
		return stage.whenComplete((receipt, failure) -> record(start, failure));
	}

	private void record(long start, @Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof IllegalArgumentException) {
			this.breaker.releasePermission();
			return;
		}
		long took = this.breaker.getCurrentTimestamp() - start;
		TimeUnit unit = this.breaker.getTimestampUnit();
		if (cause == null) {
			this.breaker.onSuccess(took, unit);
		}
		else {
			this.breaker.onError(took, unit, cause);
		}
	}

}
