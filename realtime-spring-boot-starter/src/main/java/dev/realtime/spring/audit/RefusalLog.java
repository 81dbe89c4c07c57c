package dev.realtime.spring.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.realtime.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refusals: one line for each door and reason in an interval, with how many there
 * were since the last one, and the newest as a sample. Confined to the loop.
 */
final class RefusalLog {

	private static final Logger logger = LoggerFactory.getLogger(SecurityEvents.class);

	private final Loop loop;

	private final Duration interval;

	/** By door and reason, of which there are few. */
	private final Map<String, Line> lines = new HashMap<>();

	/**
	 * Makes a log.
	 * @param interval zero for no log
	 */
	RefusalLog(Loop loop, Duration interval) {
		this.loop = loop;
		this.interval = interval;
	}

	/**
	 * Logs the event, now or later.
	 * @param count how many there were so far, this one and others included
	 */
	void add(SecurityEvent event, String tag, LongSupplier count) {
		if (!this.interval.isZero()) {
			this.lines.computeIfAbsent(event.door().tag() + ' ' + tag, (first) -> new Line(event, count)).add(event);
		}
	}

	private final class Line {

		private final LongSupplier count;

		private SecurityEvent sample;

		private long logged;

		/** The interval since the last line is not over. */
		private boolean waits;

		Line(SecurityEvent sample, LongSupplier count) {
			this.sample = sample;
			this.count = count;
		}

		void add(SecurityEvent event) {
			this.sample = event;
			if (!this.waits) {
				log();
			}
		}

		private void log() {
			long now = this.count.getAsLong();
			logger.info(
					"Refusals at {} for {}: {} since this was last logged, the latest of user {} "
							+ "from {} on {} (session {})",
					this.sample.door().tag(), this.sample.reason(), now - this.logged, this.sample.user(),
					this.sample.address(), this.sample.topic(), this.sample.session());
			this.logged = now;
			this.waits = true;
			RefusalLog.this.loop.after(RefusalLog.this.interval, this::intervalIsOver);
		}

		private void intervalIsOver() {
			this.waits = false;
			if (this.count.getAsLong() > this.logged) {
				log();
			}
		}

	}

}
