package dev.realtime.hub;

/** Told of subscribers coming and going. Called on shards: must be quick, never block. */
public interface HubListener {

	/** The subscription is live. */
	void onLive(Subscriber subscriber);

	/** The subscription has ended; it may never have been live. */
	void onEnd(Subscriber subscriber);

	/** The connection is closed; its subscriptions end, too. */
	void onClosed(Connection connection);

	/** Does nothing. */
	HubListener NONE = new HubListener() {

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
