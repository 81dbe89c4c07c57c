package dev.realtime.spring.actuate;

import dev.realtime.spring.publisher.BrokerBreaker;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of the breaker in front of the broker, unless it is of the application's
 * registry, whose breakers resilience4j's own module binds.
 */
final class BreakerMetrics implements MeterBinder {

	private final BrokerBreaker breaker;

	BreakerMetrics(BrokerBreaker breaker) {
		this.breaker = breaker;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.breaker.isOwn()) {
			TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(this.breaker.registry()).bindTo(registry);
		}
	}

}
