package dev.realtime.spring;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/** The bounds of a topic's properties; the same for a rule and for the defaults. */
final class TopicBounds {

	private TopicBounds() {
	}

	static void historySize(String prefix, int value) {
		PropertyBounds.range(prefix + ".history-size", value, 1, 1_000_000);
	}

	static void historyTime(String prefix, Duration value) {
		PropertyBounds.atLeast(prefix + ".history-time", value, Duration.ofSeconds(1), "must be 1s or more");
	}

	static void idempotencyWindow(String prefix, Duration value) {
		PropertyBounds.atLeast(prefix + ".idempotency-window", value, Duration.ofSeconds(1), "must be 1s or more");
	}

	static void queueMessages(String prefix, int value) {
		PropertyBounds.range(prefix + ".queue-messages", value, 1, 10_000_000);
	}

	static void queueBytes(String prefix, DataSize value) {
		PropertyBounds.size(prefix + ".queue-bytes", value, 1_024);
	}

}
