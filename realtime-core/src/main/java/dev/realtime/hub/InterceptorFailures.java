package dev.realtime.hub;

import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.TopicMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what {@link FrameInterceptor}s throw, and logs it at most once a minute with the
 * number since the last time. Safe for any number of threads.
 */
final class InterceptorFailures {

	private static final Logger logger = LoggerFactory.getLogger(InterceptorFailures.class);

	private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

	@GuardedBy("this")
	private long count;

	@GuardedBy("this")
	private long logged;

	@GuardedBy("this")
	private long loggedNanos;

	void add(TopicMessage message, Throwable failure) {
		long since = count(System.nanoTime());
		if (since > 0) {
			logger.error(
					"An outbound interceptor failed for message {} of topic {}; its subscription gets a gap "
							+ "instead ({} failures since this was last logged)",
					message.position(), message.topic(), since, failure);
		}
	}

	synchronized long sum() {
		return this.count;
	}

	/** Counts one and returns how many to log now, 0 for none. */
	private synchronized long count(long nowNanos) {
		this.count++;
		if (this.logged > 0 && nowNanos - this.loggedNanos < MINUTE_NANOS) {
			return 0;
		}
		long since = this.count - this.logged;
		this.logged = this.count;
		this.loggedNanos = nowNanos;
		return since;
	}

}
