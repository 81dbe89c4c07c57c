package dev.realtime.relay;

import org.jspecify.annotations.Nullable;

/**
 * The engine of a relay is not there, refuses this node, or does not take a message now.
 * The sentence says which, and contains no password.
 */
public class RelayUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Reports a failure.
	 * @param sentence what is wrong, without a full stop
	 */
	public RelayUnavailableException(String sentence, @Nullable Throwable cause) {
		super(sentence, cause);
	}

}
