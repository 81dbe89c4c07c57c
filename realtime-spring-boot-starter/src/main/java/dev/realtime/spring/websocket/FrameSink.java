package dev.realtime.spring.websocket;

/**
 * Takes what a client's frames bring, in order. Called by the thread that reads; arrays
 * are the sink's own.
 */
public interface FrameSink {

	/**
	 * Whether frames that may be compressed must wait for now, since they take less room
	 * as they are.
	 */
	default boolean isFull() {
		return false;
	}

	/**
	 * Takes a piece of a message.
	 * @param payload at least one byte, unless it is the last piece of a message that had
	 * others
	 * @param text whether the message is a text, which has been found to be UTF-8 up to
	 * here; a piece may end within a character
	 * @param first whether the message begins with it
	 * @param last whether the message ends with it
	 */
	void data(byte[] payload, boolean text, boolean first, boolean last);

	/** Takes a ping, which must be answered with the same payload. */
	void ping(byte[] payload);

	/** Takes a pong. */
	void pong();

	/**
	 * Takes the client's close frame; nothing more is read.
	 * @param code 1005 if it has none
	 */
	void close(int code);

}
