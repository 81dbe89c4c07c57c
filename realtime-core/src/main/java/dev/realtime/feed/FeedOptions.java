package dev.realtime.feed;

import java.time.Duration;

/**
 * The bounds and times of a node's feeds. Internal to the engine.
 *
 * @param patternTopics topics that one pattern follows at once
 * @param maxPatterns different patterns that are followed at once
 * @param pageSize messages read from the log at once, at most 1,000
 * @param linger how long a topic or a pattern is followed after its last subscriber has
 * left
 * @param checkInterval how often positions are compared with the log's
 * @param openTimeout how long a subscriber waits for relay and log to answer
 */
public record FeedOptions(int patternTopics, int maxPatterns, int pageSize, Duration linger, Duration checkInterval,
		Duration openTimeout) {
}
