package dev.realtime.spring.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * WebSocket frames as clients send them (RFC 6455, section 5.2), and as they must not.
 */
final class ClientFrame {

	static final int CONTINUATION = 0x0;

	static final int TEXT = 0x1;

	static final int BINARY = 0x2;

	static final int CLOSE = 0x8;

	static final int PING = 0x9;

	static final int PONG = 0xA;

	private static final int FIN = 0x80;

	private static final int MASKED = 0x80;

	private static final byte[] MASK = { 0x37, (byte) 0xfa, 0x21, 0x3d };

	private ClientFrame() {
	}

	/** The last or only part of a message. */
	static byte[] last(int opcode, byte[] payload) {
		return masked(FIN | opcode, payload);
	}

	/** A part of a message that goes on. */
	static byte[] part(int opcode, byte[] payload) {
		return masked(opcode, payload);
	}

	static byte[] text(String text) {
		return last(TEXT, utf8(text));
	}

	static byte[] close(int code, byte[] reason) {
		return last(CLOSE, ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array());
	}

	/** With any first byte: FIN, three reserved bits, opcode. */
	static byte[] masked(int first, byte[] payload) {
		byte[] head = head(first, MASKED, payload.length);
		ByteBuffer frame = ByteBuffer.allocate(head.length + MASK.length + payload.length).put(head).put(MASK);
		for (int i = 0; i < payload.length; i++) {
			frame.put((byte) (payload[i] ^ MASK[i % MASK.length]));
		}
		return frame.array();
	}

	static byte[] unmasked(int opcode, byte[] payload) {
		byte[] head = head(FIN | opcode, 0, payload.length);
		return ByteBuffer.allocate(head.length + payload.length).put(head).put(payload).array();
	}

	/** Only the beginning of a text frame that claims this length. */
	static byte[] textOfLength(long length) {
		return ByteBuffer.allocate(14)
			.put((byte) (FIN | TEXT))
			.put((byte) (MASKED | 127))
			.putLong(length)
			.put(MASK)
			.array();
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] head(int first, int masked, int length) {
		if (length < 126) {
			return new byte[] { (byte) first, (byte) (masked | length) };
		}
		if (length <= 0xffff) {
			return new byte[] { (byte) first, (byte) (masked | 126), (byte) (length >> 8), (byte) length };
		}
		return ByteBuffer.allocate(10).put((byte) first).put((byte) (masked | 127)).putLong(length).array();
	}

}
