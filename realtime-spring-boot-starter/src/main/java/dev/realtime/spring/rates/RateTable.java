package dev.realtime.spring.rates;

import java.time.Duration;

import dev.realtime.spring.RatesProperties;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.SynchronizationStrategy;

/**
 * Makes the buckets of all connections, of all users or of all addresses.
 *
 * @param properties what one connection may do
 * @param factor how many times as much the owner of these buckets may do
 * @param strategy how threads share a bucket
 * @param clock the time
 * @param counting whether buckets count what is taken, for the fleet
 */
record RateTable(RatesProperties properties, int factor, SynchronizationStrategy strategy, TimeMeter clock,
		boolean counting) {

	/** Returns how much may come at once. */
	long capacity(RateKind kind) {
		return Math.max(1, perSecond(kind) * this.properties.burst().toMillis() / 1_000);
	}

	/** Returns how much may come in a second on average. */
	long perSecond(RateKind kind) {
		return (long) kind.perSecond(this.properties) * this.factor;
	}

	Bucket bucket(RateKind kind) {
		return Bucket.builder()
			.addLimit((limit) -> limit.capacity(capacity(kind)).refillGreedy(perSecond(kind), Duration.ofSeconds(1)))
			.withSynchronizationStrategy(this.strategy)
			.withCustomTimePrecision(this.clock)
			.build();
	}

}
