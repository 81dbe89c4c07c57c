package dev.realtime.bench.load;

/** Told what happens on one connection of a client that comes back. On the loop. */
interface PeerListener {

	/** SUBSCRIBE is sent. */
	void subscribing();

	/** The subscription is live from this position on; what is missing follows. */
	void live(String epoch, long seq);

	/** A message arrived, with its number in its topic. */
	void received(long number);

	/** The server asks the client to reconnect after this time. */
	void advised(long afterMillis);

	/** The server closes the connection. */
	void closing(int code);

	/** The server refused something, or did not recover what was missed. */
	void failed(String what);

	/** The connection broke or could not be made. */
	void broken(String why);

	/** The connection is closed. */
	void closed();

}
