package dev.realtime.conformance.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A frame of RFC 6455. Both sides of the proxy use it, so extensions must be off. */
final class WebSocketFrame {

	static final int CONTINUATION = 0;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	private static final int MOST_BYTES = 1 << 20;

	final boolean last;

	final int opcode;

	final byte[] payload;

	WebSocketFrame(boolean last, int opcode, byte[] payload) {
		this.last = last;
		this.opcode = opcode;
		this.payload = payload;
	}

	static WebSocketFrame close(int code, String reason) {
		byte[] text = reason.getBytes(java.nio.charset.StandardCharsets.UTF_8);
		return new WebSocketFrame(true, CLOSE,
				ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
	}

	boolean isControl() {
		return this.opcode >= CLOSE;
	}

	/** Returns the code of a close frame; 1005 if it has none. */
	int closeCode() {
		return (this.payload.length < 2) ? 1005 : ByteBuffer.wrap(this.payload).getShort() & 0xffff;
	}

	/** Reads the next frame, unmasked. */
	static WebSocketFrame read(DataInputStream in) throws IOException {
		int first = in.readUnsignedByte();
		int second = in.readUnsignedByte();
		if ((first & 0x70) != 0) {
			throw new IOException("A WebSocket frame uses an extension that was not negotiated");
		}
		long length = second & 0x7f;
		if (length == 126) {
			length = in.readUnsignedShort();
		}
		else if (length == 127) {
			length = in.readLong();
		}
		if (length < 0 || length > MOST_BYTES) {
			throw new IOException("A WebSocket frame of " + length + " bytes is too large");
		}
		byte[] mask = new byte[4];
		if ((second & 0x80) != 0) {
			in.readFully(mask);
		}
		byte[] payload = new byte[(int) length];
		in.readFully(payload);
		for (int i = 0; i < payload.length; i++) {
			payload[i] ^= mask[i % 4];
		}
		return new WebSocketFrame((first & 0x80) != 0, first & 0x0f, payload);
	}

	/** Returns the frame's bytes; a mask of zeros leaves the payload as it is. */
	byte[] encode(boolean masked) {
		int length = this.payload.length;
		ByteBuffer bytes = ByteBuffer.allocate(length + 14);
		bytes.put((byte) ((this.last ? 0x80 : 0) | this.opcode));
		int mask = masked ? 0x80 : 0;
		if (length < 126) {
			bytes.put((byte) (mask | length));
		}
		else if (length < 65_536) {
			bytes.put((byte) (mask | 126)).putShort((short) length);
		}
		else {
			bytes.put((byte) (mask | 127)).putLong(length);
		}
		if (masked) {
			bytes.putInt(0);
		}
		byte[] encoded = new byte[bytes.put(this.payload).flip().remaining()];
		bytes.get(encoded);
		return encoded;
	}

}
