package dev.realtime.spring.websocket;

/**
 * What a client has sent is no WebSocket, or too large: the connection must be closed.
 */
public final class WebSocketException extends Exception {

	private final int code;

	WebSocketException(int code, String reason) {
		super(reason, null, false, false);
		this.code = code;
	}

	/** Returns the code of the close frame: 1002, 1007 or 1009. */
	public int code() {
		return this.code;
	}

}
