package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import dev.realtime.connection.Connection;

/**
 * How old connections get.
 *
 * @param limit {@code realtime.limits.connection-age}; zero means any age
 */
record ConnectionAge(Duration limit) {

	/** The part of the limit over which ends are spread. */
	private static final int SPREAD = 5;

	/** The connection is asked to leave up to a fifth of the limit earlier. */
	void begin(Connection connection) {
		if (!this.limit.isZero()) {
			long earlier = ThreadLocalRandom.current().nextLong(this.limit.toMillis() / SPREAD);
			connection.lifetime().leaveAfter(this.limit.minusMillis(earlier));
		}
	}

}
