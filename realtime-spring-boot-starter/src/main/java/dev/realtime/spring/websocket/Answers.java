package dev.realtime.spring.websocket;

import dev.realtime.connection.CloseReason;

/**
 * What a client is sent because of its own control frames. Called by the thread that
 * reads.
 */
public interface Answers {

	/** Answers a ping. A client that does not take its pongs gets none. */
	void pong(byte[] payload);

	/** The client has sent a pong. */
	void ponged();

	/**
	 * Echoes the client's close frame, as RFC 6455 section 5.5.1 asks, and closes; if
	 * ours was first, closes at once.
	 */
	void answerClose(CloseReason reason);

}
