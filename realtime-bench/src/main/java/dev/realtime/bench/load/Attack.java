package dev.realtime.bench.load;

/** What a hostile client does to a server. */
public enum Attack {

	/** Sends a frame that never ends, one byte in each WebSocket message. */
	ONE_BYTE_PIECES,

	/** Subscribes to topics of random names as fast as the socket takes it. */
	SUBSCRIBE_FLOOD,

	/** Asks for the last 1,000 messages of the normal clients' topic again and again. */
	REWIND_LOOP,

	/** Subscribes to the normal clients' topic and never reads. */
	NEVER_READING,

	/** Sends a byte of its handshake every half second. */
	SLOW_HANDSHAKE

}
