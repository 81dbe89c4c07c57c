package dev.realtime.spring.unread;

/** A question or a mark that is refused; the message says why, for people. */
public class UnreadRefusedException extends RuntimeException {

	private final Reason reason;

	/** Refuses. */
	public UnreadRefusedException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	/** Why, for programs. */
	public Reason reason() {
		return this.reason;
	}

	/** Why something is refused. */
	public enum Reason {

		/** Nobody is logged in. */
		NO_USER,

		/** An illegal topic or position, or too many topics. */
		MALFORMED,

		/** The user may not read the topic. */
		NO_ACCESS,

		/** The topic is not kept where read positions are. */
		NOT_KEPT

	}

}
