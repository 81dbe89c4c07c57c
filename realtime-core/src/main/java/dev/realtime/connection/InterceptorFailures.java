package dev.realtime.connection;

import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what {@link FrameInterceptor}s throw, and logs it at most once a minute with the
 * number since the last time. Safe for any number of threads.
 */
final class InterceptorFailures {

	private static final Logger logger = LoggerFactory.getLogger(InterceptorFailures.class);

	private final LogThrottle pace;

	InterceptorFailures(Environment environment) {
		this.pace = new LogThrottle(environment);
	}

	void add(TopicMessage message, Throwable failure) {
		long since = this.pace.add();
		if (since > 0) {
			logger.error(
					"An outbound interceptor failed for message {} of topic {}; its subscription gets a gap "
							+ "instead ({} failures since this was last logged)",
					message.position(), message.topic(), since, failure);
		}
	}

	long sum() {
		return this.pace.count();
	}

}
