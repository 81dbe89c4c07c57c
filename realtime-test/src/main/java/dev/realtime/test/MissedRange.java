package dev.realtime.test;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A {@code gap} event: messages that will not come on a subscription.
 *
 * @param headers of the event
 */
public record MissedRange(Map<String, String> headers) {

	/** Why they will not come, such as {@code overflow}. */
	public String reason() {
		return this.headers.getOrDefault("reason", "");
	}

	/** The topic's epoch, or null where the event names no numbers. */
	public @Nullable String epoch() {
		return this.headers.get("epoch");
	}

	/** The first number, 0 where the event names none. */
	public long from() {
		return Long.parseLong(this.headers.getOrDefault("from", "0"));
	}

	/** The last number, 0 where the event names none. */
	public long to() {
		return Long.parseLong(this.headers.getOrDefault("to", "0"));
	}

	@Override
	public String toString() {
		return "gap " + from() + ".." + to() + ' ' + reason();
	}

}
