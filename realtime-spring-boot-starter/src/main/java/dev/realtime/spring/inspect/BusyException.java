package dev.realtime.spring.inspect;

/**
 * This node has as many questions of operators in progress as it may have; the same
 * question may be asked again in a moment. Not for applications.
 */
@SuppressWarnings("serial")
public final class BusyException extends IllegalStateException {

	BusyException(String message) {
		super(message);
	}

}
