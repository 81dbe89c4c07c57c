package dev.realtime.relay;

import org.jspecify.annotations.Nullable;

/** The engine of a relay refuses the user, the password or the token of this node. */
public class RelayCredentialsException extends RelayUnavailableException {

	private static final long serialVersionUID = 1L;

	/**
	 * Reports a refusal.
	 * @param sentence what is wrong, without a full stop and without the password
	 */
	public RelayCredentialsException(String sentence, @Nullable Throwable cause) {
		super(sentence, cause);
	}

}
