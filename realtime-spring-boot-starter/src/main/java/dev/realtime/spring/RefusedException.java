package dev.realtime.spring;

import org.jspecify.annotations.Nullable;

/**
 * Refuses what a client has sent, with a sentence for that client.
 * <p>
 * This is the only exception whose text reaches clients. An interceptor or a message
 * handler of the application that has something to say to the client throws it. Any other
 * exception is logged, and the client gets a general sentence with a reference to the
 * log.
 */
public class RefusedException extends RuntimeException {

	/** Longest sentence, in characters. */
	private static final int MAX_LENGTH = 500;

	private final String reason;

	private final String sentence;

	/**
	 * Refuses.
	 * @param reason a word for programs, such as {@code bad-subscribe}
	 * @param sentence a sentence for people, which must not contain anything that the
	 * client may not know; cut to 500 characters
	 */
	public RefusedException(String reason, String sentence) {
		this(reason, sentence, null);
	}

	/**
	 * Refuses.
	 * @param reason a word for programs, such as {@code bad-subscribe}
	 * @param sentence a sentence for people, which must not contain anything that the
	 * client may not know; cut to 500 characters
	 * @param cause why, which the client does not see
	 */
	public RefusedException(String reason, String sentence, @Nullable Throwable cause) {
		super(sentence, cause);
		this.reason = reason;
		this.sentence = (sentence.length() > MAX_LENGTH) ? sentence.substring(0, MAX_LENGTH) + "…" : sentence;
	}

	/** Returns a word for programs. */
	public final String word() {
		return this.reason;
	}

	/** Returns the sentence for people. */
	public final String sentence() {
		return this.sentence;
	}

}
