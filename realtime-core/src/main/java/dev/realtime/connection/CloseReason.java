package dev.realtime.connection;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Why a connection is closed; the code tells the client what to do.
 *
 * @param code a WebSocket close code: 1000/1001 normal, 1008 do not retry as is, 1012
 * restart (retry after the announced delay), 1013 overloaded (retry later), 4000-4499
 * retry, 4500-4999 do not retry
 * @param text names the reason; cut to the 123 bytes that reach the client
 */
public record CloseReason(int code, String text) {

	/**
	 * RFC 6455, section 5.5: a control frame has 125 bytes, two of which are the code.
	 */
	private static final int MAX_BYTES = 123;

	/** The node leaves the fleet. */
	public static final CloseReason RESTART = new CloseReason(1012, "restart");

	/** The connection's queue is full: it reads slower than it is written to. */
	public static final CloseReason OVERFLOW = new CloseReason(1013, "slow consumer");

	/** Redis or another part is away, so that a subscription cannot be served now. */
	public static final CloseReason UNAVAILABLE = new CloseReason(1013, "temporarily unavailable");

	/** No heartbeat came in time. */
	public static final CloseReason SILENT = new CloseReason(4000, "no heartbeat");

	/** The socket took nothing for too long. */
	public static final CloseReason STUCK = new CloseReason(4002, "write timeout");

	/** The credentials have ended; the client may come back with others. */
	public static final CloseReason EXPIRED = new CloseReason(4003, "credentials expired");

	/**
	 * The credentials are not accepted any more; the client may come back with others.
	 */
	public static final CloseReason REVOKED = new CloseReason(4003, "credentials revoked");

	/** No CONNECT was completed in time. */
	public static final CloseReason NOT_CONNECTED = new CloseReason(1008, "connect-timeout");

	/** The client said goodbye. */
	public static final CloseReason NORMAL = new CloseReason(1000, "");

	/**
	 * The node failed in something that it did for this connection; others are not
	 * affected.
	 */
	public static final CloseReason FAILED = new CloseReason(4004, "internal error");

	/** The client broke a rule. */
	public static CloseReason policy(String text) {
		return new CloseReason(1008, text);
	}

	/** Cuts the text to what a close frame can carry. */
	public CloseReason {
		text = cut(text);
	}

	private static String cut(String text) {
		if (text.length() <= MAX_BYTES / 3) {
			return text;
		}
		ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
		CharBuffer chars = CharBuffer.wrap(text);
		CoderResult whole = StandardCharsets.UTF_8.newEncoder()
			.onMalformedInput(CodingErrorAction.REPLACE)
			.encode(chars, bytes, true);
		return whole.isOverflow() ? text.substring(0, chars.position()) : text;
	}

}
