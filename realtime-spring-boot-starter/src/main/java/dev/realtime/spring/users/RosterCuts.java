package dev.realtime.spring.users;

import java.util.concurrent.atomic.LongAdder;

import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the registry leaves out to stay within its bounds, and logs that at most
 * once a minute. Safe for any number of threads.
 */
final class RosterCuts {

	private static final Logger logger = LoggerFactory.getLogger(RosterCuts.class);

	private final LongAdder count = new LongAdder();

	private final LogThrottle pace;

	RosterCuts(Environment environment) {
		this.pace = new LogThrottle(environment);
	}

	void add(int number, String what) {
		this.count.add(number);
		if (this.pace.add() > 0) {
			logger.warn("The fleet-wide user registry left out {}; {} entries since the start", what, this.count);
		}
	}

	long count() {
		return this.count.sum();
	}

}
