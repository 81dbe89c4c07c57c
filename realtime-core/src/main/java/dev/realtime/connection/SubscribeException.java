package dev.realtime.connection;

/** A subscription that cannot be; the message says why. */
public class SubscribeException extends RuntimeException {

	private final String reason;

	/**
	 * Reports a refusal.
	 * @param reason a word for programs, such as {@code duplicate-id}
	 * @param message a sentence for people
	 */
	public SubscribeException(String reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Reports a failure.
	 * @param reason a word for programs
	 * @param message a sentence for people, who may be strangers
	 * @param cause what went wrong; for the log alone
	 */
	public SubscribeException(String reason, String message, Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/** A word for programs. */
	public String reason() {
		return this.reason;
	}

}
