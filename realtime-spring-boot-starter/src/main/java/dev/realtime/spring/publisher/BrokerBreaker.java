package dev.realtime.spring.publisher;

import dev.realtime.RealtimePublisher;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker in front of the broker: the application's, if it has a registry, or
 * one of a registry that is not a bean, so that the application's own beans that depend
 * on a registry stay as they are.
 */
public final class BrokerBreaker {

	private final CircuitBreakerRegistry registry;

	private final boolean own;

	private final CircuitBreakerConfig unconfigured;

	private BrokerBreaker(CircuitBreakerRegistry registry, boolean own, CircuitBreakerConfig unconfigured) {
		this.registry = registry;
		this.own = own;
		this.unconfigured = unconfigured;
	}

	/**
	 * Returns a breaker of the application's registry, or of a new one.
	 * @param applications the application's registry, or {@code null}
	 * @param unconfigured used unless the registry has settings for the breaker
	 */
	public static BrokerBreaker of(@Nullable CircuitBreakerRegistry applications, CircuitBreakerConfig unconfigured) {
		return (applications != null) ? new BrokerBreaker(applications, false, unconfigured)
				: new BrokerBreaker(CircuitBreakerRegistry.of(unconfigured), true, unconfigured);
	}

	/** Puts the breaker before the publisher. */
	public RealtimePublisher before(RealtimePublisher publisher) {
		return new CircuitBreakingPublisher(publisher,
				this.registry.circuitBreaker(CircuitBreakingPublisher.BREAKER, this.unconfigured));
	}

	/** Whether {@link #registry()} is unknown to the application. */
	public boolean isOwn() {
		return this.own;
	}

	/** The registry that has the breaker. */
	public CircuitBreakerRegistry registry() {
		return this.registry;
	}

}
