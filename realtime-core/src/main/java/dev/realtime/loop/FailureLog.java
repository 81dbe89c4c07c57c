package dev.realtime.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failures, and logs the first one and then at most one a minute, with the number
 * of those in between. Safe for any number of threads.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final String name;

	/** Counts the failures of all loops of this kind. */
	private final LongAdder total;

	@GuardedBy("this")
	private long count;

	@GuardedBy("this")
	private long logged;

	@GuardedBy("this")
	private long loggedNanos;

	FailureLog(String name, LongAdder total) {
		this.name = name;
		this.total = total;
	}

	synchronized long count() {
		return this.count;
	}

	/**
	 * Counts a failure.
	 * @param log whether it may be logged
	 */
	void add(Throwable failure, boolean log) {
		this.total.increment();
		long since = count(System.nanoTime(), log);
		if (since == 0) {
			return;
		}
		try {
			logger.error("A task of {} failed; the loop continues ({} since this was last logged)", this.name, since,
					failure);
		}
		catch (Throwable ex) {
			// Out of memory, perhaps: the loop must continue all the same.
		}
	}

	/** Returns how many failures to log now, 0 for none. */
	private synchronized long count(long nowNanos, boolean log) {
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
