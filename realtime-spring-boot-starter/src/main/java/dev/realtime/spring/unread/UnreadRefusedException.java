package dev.realtime.spring.unread;

import dev.realtime.spring.RefusedException;

/** A question or a mark that is refused; the message says why, for people. */
public class UnreadRefusedException extends RefusedException {

	private final Reason reason;

	/** Refuses. */
	public UnreadRefusedException(Reason reason, String message) {
		super(reason.word, message);
		this.reason = reason;
	}

	/** Why, for programs. */
	public Reason reason() {
		return this.reason;
	}

	/** Why something is refused. */
	public enum Reason {

		/** Nobody is logged in. */
		NO_USER("no-user"),

		/** An illegal topic or position, or too many topics. */
		MALFORMED("bad-read"),

		/** The user may not read the topic. */
		NO_ACCESS("no-access"),

		/** The topic is not kept where read positions are. */
		NOT_KEPT("no-read-positions");

		private final String word;

		Reason(String word) {
			this.word = word;
		}

	}

}
