package dev.realtime.restriction;

/** As many restrictions are stored as allowed. */
@SuppressWarnings("serial")
public final class TooManyRestrictionsException extends RuntimeException {

	/** Says how many are allowed. */
	public TooManyRestrictionsException(int most) {
		super("There are " + most + " blocks, revocations and recent commands already, the most allowed "
				+ "(realtime.sessions.max-restrictions)");
	}

}
