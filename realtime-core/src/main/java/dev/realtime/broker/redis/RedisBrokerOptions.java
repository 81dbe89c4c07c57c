package dev.realtime.broker.redis;

import java.time.Duration;

import dev.realtime.redis.Continuing;
import org.jspecify.annotations.Nullable;

/**
 * What can be set on a {@link RedisBroker}.
 *
 * @param commandTimeout the longest that a command may take, 50 ms or more
 * @param numberingTtl how long the numbering of a topic that nobody touches is kept, 1
 * minute or more; never shorter than twice the topic's history or idempotency window
 * @param maxInFlight how many publishes may wait for Redis before further ones are
 * refused
 * @param continuing how topics go on in their epochs after a restart or failover of
 * Redis; with null they begin new ones
 */
public record RedisBrokerOptions(Duration commandTimeout, Duration numberingTtl, int maxInFlight,
		@Nullable Continuing continuing) {

	/** 5 s, 30 days, 10,000 publishes. */
	public static final RedisBrokerOptions DEFAULT = new RedisBrokerOptions(Duration.ofSeconds(5), Duration.ofDays(30),
			10_000);

	/** New epochs begin with every restart or failover of Redis. */
	public RedisBrokerOptions(Duration commandTimeout, Duration numberingTtl, int maxInFlight) {
		this(commandTimeout, numberingTtl, maxInFlight, null);
	}

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a value lies outside its bounds
	 */
	public RedisBrokerOptions {
		check(commandTimeout.toMillis() >= 50, "command timeout must be 50ms or more, not " + commandTimeout);
		check(numberingTtl.toMinutes() >= 1, "numbering ttl must be 1m or more, not " + numberingTtl);
		check(maxInFlight >= 1, "max in flight must be 1 or more, not " + maxInFlight);
	}

	private static void check(boolean legal, String message) {
		if (!legal) {
			throw new IllegalArgumentException("Redis broker: " + message);
		}
	}

}
