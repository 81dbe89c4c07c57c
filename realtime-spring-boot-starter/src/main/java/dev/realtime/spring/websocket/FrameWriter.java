package dev.realtime.spring.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.realtime.connection.CloseReason;
import dev.realtime.delivery.Frame;

/**
 * WebSocket frames (RFC 6455, section 5.2) as a server sends them: never masked, never
 * fragmented.
 *
 * <pre>
 * 0x81 | length &lt; 126           | payload      text
 * 0x82 | 126 | length, 2 bytes  | payload      binary
 * 0x88 | 127 | length, 8 bytes  | payload      close, 0x89 ping, 0x8A pong
 * 0xC1 | …                                     compressed text, 0xC2 binary
 * </pre>
 */
public final class FrameWriter {

	/** Bytes of the longest header. */
	public static final int LARGEST_HEADER = 10;

	/** The bit RSV1 (RFC 7692, section 6). */
	private static final int COMPRESSED = 0x40;

	private static final int TEXT = 0x81;

	private static final int BINARY = 0x82;

	private static final int CLOSE = 0x88;

	private static final int PING = 0x89;

	private static final int PONG = 0x8A;

	private FrameWriter() {
	}

	/** Returns how many bytes the frames take at most, each as a message of its own. */
	public static int most(List<Frame> frames) {
		int size = 0;
		for (Frame frame : frames) {
			size += LARGEST_HEADER + frame.size();
		}
		return size;
	}

	/** Returns whether compression may make any of the frames smaller. */
	public static boolean gain(List<Frame> frames) {
		return frames.stream().anyMatch(Deflation::isWorthwhile);
	}

	/**
	 * Writes each frame as a message of its own.
	 * @param deflate whether the client decompresses; frames that gain nothing stay as
	 * they are
	 */
	public static void write(List<Frame> frames, boolean deflate, ByteBuffer to) {
		for (Frame frame : frames) {
			int opcode = frame.isText() ? TEXT : BINARY;
			ByteBuffer smaller = (deflate && Deflation.isWorthwhile(frame)) ? Deflation.deflate(frame.bytes()) : null;
			if (smaller != null) {
				header(to, COMPRESSED | opcode, smaller.remaining());
				to.put(smaller);
			}
			else {
				header(to, opcode, frame.size());
				to.put(frame.bytes());
			}
		}
	}

	/** Returns a close frame, ready to be read. */
	public static ByteBuffer close(CloseReason reason) {
		byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
		ByteBuffer frame = ByteBuffer.allocate(4 + text.length);
		header(frame, CLOSE, 2 + text.length);
		return frame.putShort((short) reason.code()).put(text).flip();
	}

	/** Returns a ping, ready to be read; its payload has at most 125 bytes. */
	public static ByteBuffer ping(byte[] payload) {
		return control(PING, payload);
	}

	/** Returns a pong, ready to be read; its payload has at most 125 bytes. */
	public static ByteBuffer pong(byte[] payload) {
		return control(PONG, payload);
	}

	private static ByteBuffer control(int opcode, byte[] payload) {
		ByteBuffer frame = ByteBuffer.allocate(2 + payload.length);
		header(frame, opcode, payload.length);
		return frame.put(payload).flip();
	}

	private static void header(ByteBuffer to, int opcode, int length) {
		to.put((byte) opcode);
		if (length < 126) {
			to.put((byte) length);
		}
		else if (length <= 0xFFFF) {
			to.put((byte) 126).putShort((short) length);
		}
		else {
			to.put((byte) 127).putLong(length);
		}
	}

}
