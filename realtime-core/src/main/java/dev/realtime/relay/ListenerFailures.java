package dev.realtime.relay;

import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a relay's listener throws, the first time and then at most once a minute with
 * the number since: a listener that fails may fail for each message. For implementations
 * of {@link Relay}; not meant for applications. Safe for any number of threads.
 */
public final class ListenerFailures {

	private static final Logger logger = LoggerFactory.getLogger(ListenerFailures.class);

	private final LogThrottle messages;

	private final LogThrottle reconnections;

	/** Nothing has failed yet. */
	public ListenerFailures(Environment environment) {
		this.messages = new LogThrottle(environment);
		this.reconnections = new LogThrottle(environment);
	}

	/** The listener threw for a message or a signal of the topic. */
	public void onMessage(Topic topic, Throwable failure) {
		long since = this.messages.add();
		if (since > 0) {
			logger.error("The listener failed to handle a message of \"{}\" ({} failures since this was last logged)",
					topic, since, failure);
		}
	}

	/** The listener threw when it was told that anything may have been missed. */
	public void onReconnected(Throwable failure) {
		long since = this.reconnections.add();
		if (since > 0) {
			logger.error("The listener failed to handle the reconnection ({} failures since this was last logged)",
					since, failure);
		}
	}

}
