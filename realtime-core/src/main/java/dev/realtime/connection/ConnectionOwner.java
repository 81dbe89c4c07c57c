package dev.realtime.connection;

/** Who has made a connection. */
public interface ConnectionOwner {

	/**
	 * The node begins to close the connection. Called once at most, and not when the
	 * client has left. Called on the shard: must be quick, never block.
	 */
	void closing(CloseReason reason);

}
