package dev.realtime.region;

import org.jspecify.annotations.Nullable;

/** A letter that was not carried; the message says why. */
public final class BridgeException extends RuntimeException {

	private final boolean maybeSent;

	/**
	 * A failure.
	 * @param maybeSent whether the letter may arrive all the same
	 */
	public BridgeException(String why, boolean maybeSent, @Nullable Throwable cause) {
		super(why, cause);
		this.maybeSent = maybeSent;
	}

	/** Whether the letter may arrive all the same. */
	public boolean isMaybeSent() {
		return this.maybeSent;
	}

}
