package dev.realtime.spring.security;

import dev.realtime.spring.RefusedException;

/**
 * These credentials are not accepted. The client gets the message in an ERROR frame, so
 * it must tell nothing that a stranger may not know; then its connection is closed, with
 * a code that tells it not to come back with the same credentials.
 */
public class ConnectRefusedException extends RefusedException {

	private static final String BAD = "bad-credentials";

	/**
	 * Refuses.
	 * @param message a sentence for people
	 */
	public ConnectRefusedException(String message) {
		super(BAD, message);
	}

	/**
	 * Refuses.
	 * @param reason a word for events and meters, such as {@code expired}; clients are
	 * told {@code bad-credentials}
	 * @param message a sentence for people
	 */
	public ConnectRefusedException(String reason, String message) {
		super(reason, message);
	}

	/**
	 * Refuses.
	 * @param message a sentence for people
	 * @param cause why, which the client does not see
	 */
	public ConnectRefusedException(String message, Throwable cause) {
		super(BAD, message, cause);
	}

}
