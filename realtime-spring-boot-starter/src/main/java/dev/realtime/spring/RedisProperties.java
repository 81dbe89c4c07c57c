package dev.realtime.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.redis}: the Redis broker.
 *
 * @param prefix what all keys and channels start with; fleets that share a Redis need
 * different ones
 * @param timeout longest time that a command may take before it counts as failed
 * @param numberingTtl how long the numbering of a silent topic is kept, at least as long
 * as any history; afterwards the topic begins a new epoch
 * @param connectionFactory name of the RedisConnectionFactory bean to use; not needed
 * where there is one, or a primary one
 */
public record RedisProperties(@DefaultValue("rt") String prefix, @DefaultValue("2s") Duration timeout,
		@DefaultValue("30d") Duration numberingTtl, @Nullable String connectionFactory) {

	public RedisProperties {
		PropertyBounds.check(prefix.matches("[A-Za-z0-9_.:-]{1,64}"), "realtime.redis.prefix", prefix,
				"must be 1 to 64 characters of A-Z a-z 0-9 _ . : -");
		PropertyBounds.positive("realtime.redis.timeout", timeout);
		PropertyBounds.atLeast("realtime.redis.timeout", timeout, Duration.ofMillis(50), "must be 50ms to 1d");
		PropertyBounds.atLeast("realtime.redis.numbering-ttl", numberingTtl, Duration.ofMinutes(1),
				"must be 1m or more");
	}

}
