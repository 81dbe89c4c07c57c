package dev.realtime.redis;

import java.time.Duration;

/**
 * How topics go on in their epochs after a restart or failover of Redis.
 *
 * @param replicas how many replicas a master has, 0 to 16; with fewer than it has,
 * another one may be promoted that has less. 0 for a single server with persistence
 * @param replicaTimeout how long a publication waits for the replicas, 1 ms to 30 s;
 * afterwards it counts as not replicated
 * @param takeoverTimeout how long the nodes of the fleet may take to compare what a
 * server has with what they know, 1 s to 10 minutes; afterwards new epochs begin
 */
public record Continuing(int replicas, Duration replicaTimeout, Duration takeoverTimeout) {

	/** The most replicas that can be waited for. */
	public static final int MOST_REPLICAS = 16;

	/** 1 replica, 200 ms, 20 s. */
	public static final Continuing DEFAULT = new Continuing(1, Duration.ofMillis(200), Duration.ofSeconds(20));

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a value lies outside its bounds
	 */
	public Continuing {
		check(replicas >= 0 && replicas <= MOST_REPLICAS,
				"replicas must be 0 to " + MOST_REPLICAS + ", not " + replicas);
		check(replicaTimeout.toMillis() >= 1 && replicaTimeout.toSeconds() <= 30,
				"replica timeout must be 1ms to 30s, not " + replicaTimeout);
		check(takeoverTimeout.toMillis() >= 1_000 && takeoverTimeout.toMinutes() <= 10,
				"takeover timeout must be 1s to 10m, not " + takeoverTimeout);
	}

	private static void check(boolean legal, String message) {
		if (!legal) {
			throw new IllegalArgumentException("Redis failover: " + message);
		}
	}

}
