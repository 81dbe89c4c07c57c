package dev.realtime.spring.stream;

/** A malformed request; its message is a sentence for people. */
final class StreamRefusedException extends RuntimeException {

	StreamRefusedException(String detail) {
		super(detail);
	}

}
