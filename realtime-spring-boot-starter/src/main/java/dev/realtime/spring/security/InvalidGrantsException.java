package dev.realtime.spring.security;

import dev.realtime.spring.RefusedException;

/** A token has claims about topics that are not understood, so it opens nothing. */
@SuppressWarnings("serial")
final class InvalidGrantsException extends RefusedException {

	/** The reason for clients. */
	static final String WORD = "bad-grants";

	InvalidGrantsException(String what) {
		super(WORD, "The token's claims about topics are not understood: " + what);
	}

}
