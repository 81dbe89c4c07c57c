package dev.realtime;

import org.jspecify.annotations.Nullable;

/**
 * Something that is worth knowing only now, such as that somebody types: told to those
 * who are subscribed to the topic at this moment and understand control events. A signal
 * is no message: it has no number, is kept nowhere, comes at most once, in no order with
 * messages, and not at all to a connection that is behind.
 *
 * @param topic whose subscribers are told
 * @param type what it is, such as {@code typing}; 1 to {@value #MAX_TYPE_LENGTH}
 * characters
 * @param user who it is about, at most {@value #MAX_USER_LENGTH} characters, or null
 * @param payload JSON, at most {@value #MAX_PAYLOAD_LENGTH} characters, or null
 * @param excludedSession the session that is not told, because it said so itself, or null
 */
public record Signal(Topic topic, String type, @Nullable String user, @Nullable String payload,
		@Nullable String excludedSession) {

	/** Longest type, in characters. */
	public static final int MAX_TYPE_LENGTH = 64;

	/** Longest name of a user, in characters. */
	public static final int MAX_USER_LENGTH = 255;

	/** Longest payload, in characters. */
	public static final int MAX_PAYLOAD_LENGTH = 65_536;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a part is empty or too long
	 */
	public Signal {
		if (type.isEmpty() || type.length() > MAX_TYPE_LENGTH) {
			throw new IllegalArgumentException(
					"A signal's type has 1 to " + MAX_TYPE_LENGTH + " characters, not " + type.length());
		}
		if (user != null && (user.isEmpty() || user.length() > MAX_USER_LENGTH)) {
			throw new IllegalArgumentException(
					"A signal's user has 1 to " + MAX_USER_LENGTH + " characters, not " + user.length());
		}
		if (payload != null && payload.length() > MAX_PAYLOAD_LENGTH) {
			throw new IllegalArgumentException(
					"A signal's payload has at most " + MAX_PAYLOAD_LENGTH + " characters, not " + payload.length());
		}
	}

}
