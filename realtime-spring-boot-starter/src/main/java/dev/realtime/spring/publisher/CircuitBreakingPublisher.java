package dev.realtime.spring.publisher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.region.HomeAwayException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/**
 * Fails at once while the broker keeps failing, by the circuit breaker {@value #BREAKER}.
 * Publications that break a limit do not count as failures of the broker.
 */
final class CircuitBreakingPublisher implements RealtimePublisher {

	/**
	 * The breaker's name: {@code resilience4j.circuitbreaker.instances.realtime-broker}.
	 */
	static final String BREAKER = "realtime-broker";

	private final RealtimePublisher publisher;

	private final CircuitBreaker breaker;

	CircuitBreakingPublisher(RealtimePublisher publisher, CircuitBreaker breaker) {
		this.publisher = publisher;
		this.breaker = breaker;
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
		catch (Throwable ex) {
			record(start, ex);
			throw ex;
		}
		return stage.whenComplete((receipt, failure) -> record(start, failure));
	}

	private void record(long start, @Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		// Neither tells anything about the broker.
		if (cause instanceof IllegalArgumentException
				|| (cause != null && cause.getCause() instanceof HomeAwayException)) {
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
