package dev.realtime.spring.web;

import dev.realtime.spring.RefusedException;

import org.springframework.http.HttpStatus;

/** A request that is not carried out; becomes a problem document. */
class RequestRefusedException extends RefusedException {

	private final HttpStatus status;

	RequestRefusedException(HttpStatus status, String detail) {
		super("refused", detail);
		this.status = status;
	}

	/** The request is malformed. */
	static RequestRefusedException badRequest(String detail) {
		return new RequestRefusedException(HttpStatus.BAD_REQUEST, detail);
	}

	HttpStatus status() {
		return this.status;
	}

}
