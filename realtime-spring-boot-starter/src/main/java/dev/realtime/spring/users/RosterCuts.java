package dev.realtime.spring.users;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the registry leaves out to stay within its bounds, and logs that at most
 * once a minute. Safe for any number of threads.
 */
final class RosterCuts {

	private static final Logger logger = LoggerFactory.getLogger(RosterCuts.class);

	private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final LongAdder count = new LongAdder();

	private final AtomicLong logged = new AtomicLong(System.nanoTime() - MINUTE_NANOS);

	void add(int number, String what) {
		this.count.add(number);
		long now = System.nanoTime();
		long before = this.logged.get();
		if (now - before >= MINUTE_NANOS && this.logged.compareAndSet(before, now)) {
			logger.warn("The fleet-wide user registry left out {}; {} entries since the start", what, this.count);
		}
	}

	long count() {
		return this.count.sum();
	}

}
