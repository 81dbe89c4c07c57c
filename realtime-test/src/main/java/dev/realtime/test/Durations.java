package dev.realtime.test;

import java.time.Duration;

/** Writes durations for sentences. */
final class Durations {

	private Durations() {
	}

	/** Such as {@code 10 s} or {@code 300 ms}. */
	static String text(Duration duration) {
		return (duration.toMillis() % 1_000 == 0) ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
	}

}
