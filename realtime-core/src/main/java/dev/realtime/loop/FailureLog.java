package dev.realtime.loop;

import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failures, and logs the first one and then at most one a minute, with the number
 * of those in between. Safe for any number of threads.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private final String name;

	/** Counts the failures of all loops of this kind. */
	private final LongAdder total;

	private final LogThrottle pace;

	FailureLog(String name, LongAdder total, Environment environment) {
		this.name = name;
		this.total = total;
		this.pace = new LogThrottle(environment);
	}

	long count() {
		return this.pace.count();
	}

	/**
	 * Counts a failure.
	 * @param log whether it may be logged
	 */
	void add(Throwable failure, boolean log) {
		this.total.increment();
		long since = this.pace.add(log);
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

}
