package dev.realtime.spring.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What became of a SEND that a gateway handed on.
 *
 * @param kind what happened
 * @param word of a refusal, else null
 * @param sentence of a refusal, else null
 */
public record Outcome(Kind kind, @Nullable String word, @Nullable String sentence) {

	/** It was handled. */
	public static final Outcome HANDLED = new Outcome(Kind.HANDLED, null, null);

	/** It was not handled, and another node may do so. */
	public static final Outcome AGAIN = new Outcome(Kind.AGAIN, null, null);

	/** The refusal where no node has taken it. */
	public static final String UNAVAILABLE = "application-unavailable";

	/** The refusal where a node may have handled it. */
	public static final String UNKNOWN = "application-unknown";

	/** It was refused, and not handled. */
	public static Outcome refused(String word, String sentence) {
		return new Outcome(Kind.REFUSED, word, sentence);
	}

	static Outcome unavailable() {
		return refused(UNAVAILABLE,
				"The application accepts no messages now; this one was not handled, send it again later");
	}

	static Outcome unknown() {
		return refused(UNKNOWN, "The application has not answered; it may or may not have handled this message");
	}

	/** What can happen. */
	public enum Kind {

		/** The application's code has run to its end. */
		HANDLED,

		/** The node takes no SENDs now, and has not begun with this one. */
		AGAIN,

		/** There is a word why not. */
		REFUSED

	}

}
