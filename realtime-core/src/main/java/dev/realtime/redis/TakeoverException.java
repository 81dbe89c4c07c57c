package dev.realtime.redis;

/** Redis was restarted or failed over, or is just being compared. */
public final class TakeoverException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean unknown;

	private TakeoverException(String message, boolean unknown) {
		super(message);
		this.unknown = unknown;
	}

	/** Nothing was done, because the nodes have not yet compared what the server has. */
	static TakeoverException notYet(String why) {
		return new TakeoverException("the nodes of the fleet have not yet compared what this Redis has with what they "
				+ "have seen, and nothing was published; try again later. " + why, false);
	}

	/** It was done on a server that may have been replaced since. */
	static TakeoverException meanwhile() {
		return new TakeoverException(
				"Redis was restarted or failed over before it was confirmed that the message is kept", true);
	}

	/** Whether it may have been carried out all the same. */
	public boolean isOutcomeUnknown() {
		return this.unknown;
	}

}
