package dev.realtime.stomp;

/**
 * What a client sent is no frame of STOMP 1.2, or breaks a limit; the message is a
 * sentence for the client.
 */
public final class MalformedFrameException extends RuntimeException {

	private final String sentence;

	private final boolean tooLarge;

	MalformedFrameException(String message) {
		this(message, false);
	}

	MalformedFrameException(String message, boolean tooLarge) {
		super(message, null, false, false);
		this.sentence = message;
		this.tooLarge = tooLarge;
	}

	/** Returns the sentence for the client. */
	public String sentence() {
		return this.sentence;
	}

	/** Whether a limit was broken, and not the grammar. */
	public boolean isTooLarge() {
		return this.tooLarge;
	}

}
