package dev.realtime.spring;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.breaker}: the circuit breaker in front of the broker. It counts unless
 * the application configures
 * {@code resilience4j.circuitbreaker.instances.realtime-broker}.
 *
 * @param enabled whether publishing goes through a circuit breaker
 * @param failureRate the percentage of failed publications from which the breaker opens,
 * 1 to 100
 * @param window how far back publications count, in whole seconds, 1s to 10m
 * @param minimumCalls how many publications the window must have before the breaker can
 * open
 * @param openFor how long the breaker stays open before it tries again
 * @param trialCalls how many publications are tried then
 */
public record BreakerProperties(@DefaultValue("true") boolean enabled, @DefaultValue("50") int failureRate,
		@DefaultValue("10s") Duration window, @DefaultValue("20") int minimumCalls,
		@DefaultValue("2s") Duration openFor, @DefaultValue("5") int trialCalls) {

	private static final String PREFIX = "realtime.breaker.";

	public BreakerProperties {
		PropertyBounds.range(PREFIX + "failure-rate", failureRate, 1, 100);
		PropertyBounds.check(window.toSeconds() >= 1 && window.toMinutes() <= 10, PREFIX + "window",
				PropertyBounds.text(window), "must be 1s to 10m");
		PropertyBounds.range(PREFIX + "minimum-calls", minimumCalls, 1, 1_000_000);
		PropertyBounds.positive(PREFIX + "open-for", openFor);
		PropertyBounds.range(PREFIX + "trial-calls", trialCalls, 1, 10_000);
	}

	CircuitBreakerConfig config() {
		return CircuitBreakerConfig.custom()
			.slidingWindow((int) this.window.toSeconds(), this.minimumCalls, SlidingWindowType.TIME_BASED)
			.failureRateThreshold(this.failureRate)
			.waitDurationInOpenState(this.openFor)
			.permittedNumberOfCallsInHalfOpenState(this.trialCalls)
			.build();
	}

}
