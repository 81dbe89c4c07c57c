package dev.realtime.test;

import java.time.Duration;

/**
 * Puts the engine's clocks forward, so that a test need not wait for the end of an
 * idempotency window, of a message's time to live or for the next comparison with the
 * log. A {@link RealtimeTest} gives it to a method as parameter.
 * <p>
 * Time goes on by itself as well, and never back: for later tests with the same
 * application context it stays ahead. What is due runs on the engine's own threads, so
 * await its effect. Not moved are the JVM's own clocks, by which the application, the web
 * server and credentials go, and the event loops of the Netty listener.
 */
public final class RealtimeTestTime {

	private final MovableEnvironment environment;

	RealtimeTestTime(MovableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Skips this time. Everything that is due then runs now; what it causes may still be
	 * under way when this returns.
	 */
	public void advance(Duration time) {
		if (time.isNegative()) {
			throw new IllegalArgumentException("The time cannot be moved back: " + time);
		}
		this.environment.advance(time);
	}

}
