package dev.realtime.spring.stream;

import dev.realtime.spring.RefusedException;

/** A malformed request; its message is a sentence for people. */
final class StreamRefusedException extends RefusedException {

	StreamRefusedException(String detail) {
		super("bad-request", detail);
	}

}
