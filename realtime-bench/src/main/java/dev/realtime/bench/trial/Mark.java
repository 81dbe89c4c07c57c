package dev.realtime.bench.trial;

import org.jspecify.annotations.Nullable;

/**
 * What a published body carries: {@code ~RUN:TOPIC:NUMBER:NANOS~}. It has no character
 * that JSON, HTML or an address escapes, so it is found in whatever the application makes
 * of the body.
 *
 * @param topic number of the topic
 * @param number of the message in its topic, from 1
 * @param intendedNanos when it was meant to be sent, as {@link System#nanoTime()}
 */
record Mark(int topic, int number, long intendedNanos) {

	private static final char EDGE = '~';

	private static final int MOST_LENGTH = 80;

	String text(String run) {
		return EDGE + run + ':' + this.topic + ':' + this.number + ':' + this.intendedNanos + EDGE;
	}

	/** The run's first mark in the text; null if there is none. */
	static @Nullable Mark find(String text, int from, int to, String run) {
		int start = text.indexOf(EDGE + run + ':', from);
		if (start < 0 || start >= to) {
			return null;
		}
		int at = start + run.length() + 2;
		int end = text.indexOf(EDGE, at);
		if (end < 0 || end - start > MOST_LENGTH) {
			return null;
		}
		int first = text.indexOf(':', at);
		int second = text.indexOf(':', first + 1);
		if (first < 0 || second < 0 || second > end) {
			return null;
		}
		return new Mark(Integer.parseInt(text, at, first, 10), Integer.parseInt(text, first + 1, second, 10),
				Long.parseLong(text, second + 1, end, 10));
	}

}
