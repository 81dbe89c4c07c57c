package dev.realtime.loop;

import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Decides when something that may happen often is logged: the first time, and then at
 * most once a minute with the number of times since. Safe for any number of threads.
 */
public final class LogThrottle {

	private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Environment environment;

	@GuardedBy("this")
	private long count;

	@GuardedBy("this")
	private long logged;

	@GuardedBy("this")
	private long loggedNanos;

	/** Nothing has happened yet. */
	public LogThrottle(Environment environment) {
		this.environment = environment;
	}

	/** It happened again; returns how many times to log now, 0 for none. */
	public long add() {
		return add(true);
	}

	/**
	 * It happened again.
	 * @param log whether it may be logged now
	 * @return how many times to log now, 0 for none
	 */
	public long add(boolean log) {
		return add(this.environment.nanoTime(), log);
	}

	/** Returns how often it has happened. */
	public synchronized long count() {
		return this.count;
	}

	synchronized long add(long nowNanos, boolean log) {
		this.count++;
		if (!log || (this.logged > 0 && nowNanos - this.loggedNanos < MINUTE_NANOS)) {
			return 0;
		}
		long since = this.count - this.logged;
		this.logged = this.count;
		this.loggedNanos = nowNanos;
		return since;
	}

}
