package dev.realtime.spring.web;

import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/** A request that is not carried out; becomes a problem document. */
class RequestRefusedException extends RefusedException {

	private static final String REFUSED = "refused";

	private final HttpStatus status;

	RequestRefusedException(HttpStatus status, String detail) {
		this(status, REFUSED, detail);
	}

	RequestRefusedException(HttpStatus status, String word, String detail) {
		super(word, detail);
		this.status = status;
	}

	/** A word for programs, if there is one. */
	@Nullable String reason() {
		return word().equals(REFUSED) ? null : word();
	}

	/** The request is malformed. */
	static RequestRefusedException badRequest(String detail) {
		return new RequestRefusedException(HttpStatus.BAD_REQUEST, detail);
	}

	HttpStatus status() {
		return this.status;
	}

}
