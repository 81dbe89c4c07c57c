package dev.realtime.codec;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports messages that cannot be read and are skipped: one line a topic and minute. Safe
 * for any number of threads.
 */
public final class MalformedMessages {

	private static final Logger logger = LoggerFactory.getLogger(MalformedMessages.class);

	private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

	private static final int MAX_TOPICS = 1_000;

	private final Environment environment;

	private final Map<Topic, Long> reported = new ConcurrentHashMap<>();

	/** Nothing has been reported yet. */
	public MalformedMessages(Environment environment) {
		this.environment = environment;
	}

	/** Logs it, unless the topic was reported within the minute. */
	public void report(Topic topic, String where, RuntimeException why) {
		long now = this.environment.nanoTime();
		Long last = this.reported.get(topic);
		if (last != null && now - last < PAUSE) {
			return;
		}
		if (this.reported.size() >= MAX_TOPICS) {
			this.reported.clear();
		}
		this.reported.put(topic, now);
		logger.warn("Skipped a message of \"{}\" {} that cannot be read: {}", topic, where, why.getMessage());
	}

}
