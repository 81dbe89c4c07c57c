package dev.realtime.connection;

import java.time.Duration;

/**
 * The bounds and times of a node's connections. Internal to the engine.
 *
 * @param queueMessages frames that may wait for one connection
 * @param queueBytes bytes that may wait for one connection
 * @param maxSubscriptions subscriptions of one connection
 * @param maxReplay messages that one recovery may replay; beyond it is {@code too-many}
 * @param pageSize messages read from the log at once, at most 1,000
 * @param sharedReplayBytes about how many bytes of pages that were read for recoveries
 * are kept for some seconds, for others that lack the same
 * @param writeTimeout how long a socket may take nothing before it is closed
 */
public record ConnectionOptions(int queueMessages, int queueBytes, int maxSubscriptions, int maxReplay, int pageSize,
		long sharedReplayBytes, Duration writeTimeout) {
}
