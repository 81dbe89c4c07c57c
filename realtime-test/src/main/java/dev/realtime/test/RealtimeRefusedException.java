package dev.realtime.test;

import org.jspecify.annotations.Nullable;

/**
 * The application refused what a {@link RealtimeTestClient} asked for: a handshake, a
 * CONNECT, a SUBSCRIBE or a SEND. The message has the sentence that the client got.
 */
public final class RealtimeRefusedException extends RuntimeException {

	private final String reason;

	RealtimeRefusedException(String what, String reason, @Nullable String sentence) {
		super(what + " was refused with " + reason + ((sentence != null) ? ": " + sentence : ""));
		this.reason = reason;
	}

	/**
	 * Returns the word for the reason, such as {@code no-access}: that of the
	 * {@code denied} event, or of the close frame; {@code http-401} for a handshake that
	 * was answered with that status.
	 */
	public String reason() {
		return this.reason;
	}

}
