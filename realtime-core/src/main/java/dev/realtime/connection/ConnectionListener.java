package dev.realtime.connection;

/**
 * Told of clients and subscribers coming and going. Called on shards: must be quick,
 * never block.
 */
public interface ConnectionListener {

	/** The client has introduced itself, and was not refused; does nothing by default. */
	default void onConnected(Connection connection) {
	}

	/** The subscription is live. */
	void onLive(Subscriber subscriber);

	/** The subscription has ended; it may never have been live. */
	void onEnd(Subscriber subscriber);

	/**
	 * The connection is closed; its subscriptions end, too. It may never have been
	 * connected.
	 */
	void onClosed(Connection connection);

	/** Does nothing. */
	ConnectionListener NONE = new ConnectionListener() {

		@Override
		public void onLive(Subscriber subscriber) {
		}

		@Override
		public void onEnd(Subscriber subscriber) {
		}

		@Override
		public void onClosed(Connection connection) {
		}

	};

}
