package dev.realtime.connection;

import dev.realtime.TopicPattern;

/**
 * What a client is told when its subscription to a pattern is live, before the first
 * message.
 *
 * @param pattern what it subscribed to
 * @param resuming whether it had the subscription before
 * @param resumed how many topics go on behind the positions that it named; one that
 * cannot is a gap
 */
public record PatternOutcome(TopicPattern pattern, boolean resuming, int resumed) {
}
