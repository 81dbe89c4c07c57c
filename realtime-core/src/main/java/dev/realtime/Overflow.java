package dev.realtime;

/** What happens when a message meets a full queue. */
public enum Overflow {

	/** The connection is closed with 1013; the client returns and recovers. */
	DISCONNECT,

	/**
	 * The oldest waiting messages of the same subscription are dropped, and a gap is
	 * announced where they were.
	 */
	DROP_OLDEST

}
