package dev.realtime.stomp;

import org.jspecify.annotations.Nullable;

/**
 * What a client sent is no frame of STOMP 1.2, or breaks a limit; the message is a
 * sentence for the client. The connection must be closed: where the next frame would
 * begin is not known.
 */
public final class MalformedFrameException extends RuntimeException {

	private final String sentence;

	private final boolean tooLarge;

	private final @Nullable String receipt;

	/**
	 * Reports a frame, without a stack trace.
	 * @param sentence what is wrong
	 * @param receipt the receipt that the frame asks for, as far as it was read
	 */
	public MalformedFrameException(String sentence, @Nullable String receipt) {
		this(sentence, false, receipt);
	}

	MalformedFrameException(String sentence, boolean tooLarge, @Nullable String receipt) {
		super(sentence, null, false, false);
		this.sentence = sentence;
		this.tooLarge = tooLarge;
		this.receipt = receipt;
	}

	/** Returns the sentence for the client. */
	public String sentence() {
		return this.sentence;
	}

	/** Whether a limit was broken, and not the grammar. */
	public boolean isTooLarge() {
		return this.tooLarge;
	}

	/** Returns the receipt that the frame asks for, or null if none is known. */
	public @Nullable String receipt() {
		return this.receipt;
	}

}
