package dev.realtime.relay;

import javax.net.ssl.SSLException;

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

	/**
	 * Returns the failure of a handshake, if that is what failed; otherwise null.
	 * @param server what was connected to
	 */
	public static @Nullable RelayUnavailableException untrusted(String server, @Nullable Throwable failure) {
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof SSLException) {
				String why = String.valueOf(each.getMessage()).replaceAll("[A-Za-z.]+Exception: ", "");
				return new RelayUnavailableException(server + " is not trusted: " + why, failure);
			}
		}
		return null;
	}

}
