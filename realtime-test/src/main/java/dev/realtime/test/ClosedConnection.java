package dev.realtime.test;

/**
 * How a connection ended.
 *
 * @param code the WebSocket's close code; {@value #WITHOUT_A_WORD} when there was no
 * close frame
 * @param reason the text of the close frame, which docs/protocol.md explains
 */
public record ClosedConnection(int code, String reason) {

	/** The close code of a connection that was cut. */
	public static final int WITHOUT_A_WORD = 1006;

	@Override
	public String toString() {
		return this.code + (this.reason.isEmpty() ? "" : " " + this.reason);
	}

}
