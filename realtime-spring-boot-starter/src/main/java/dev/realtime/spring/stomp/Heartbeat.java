package dev.realtime.spring.stomp;

import java.time.Duration;

/**
 * Signs of life.
 *
 * @param sendMillis how often the server sends one, 0 for never
 * @param expectMillis how often it expects one of a client, 0 for never
 */
record Heartbeat(long sendMillis, long expectMillis) {

	/** What holds for one direction: the longer of both sides' times, or none. */
	static Duration agreed(long server, long client) {
		return (server > 0 && client > 0) ? Duration.ofMillis(Math.max(server, client)) : Duration.ZERO;
	}

}
