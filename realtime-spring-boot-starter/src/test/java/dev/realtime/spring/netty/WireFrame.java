package dev.realtime.spring.netty;

import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A WebSocket frame as it was on the wire. */
final class WireFrame {

	private final int first;

	private final byte[] payload;

	WireFrame(int first, byte[] payload) {
		this.first = first;
		this.payload = payload;
	}

	/** What it carried, as it came. */
	byte[] payload() {
		return this.payload;
	}

	boolean isCompressed() {
		return (this.first & EdgeSocket.COMPRESSED) != 0;
	}

	int opcode() {
		return this.first & 0xF;
	}

	int closeCode() {
		return (this.payload.length < 2) ? 1005 : (this.payload[0] & 0xFF) << 8 | (this.payload[1] & 0xFF);
	}

	String text() {
		return new String(isCompressed() ? inflate(this.payload) : this.payload, StandardCharsets.UTF_8);
	}

	/** With a fresh inflater: as if nothing had been received before. */
	private static byte[] inflate(byte[] payload) {
		byte[] all = java.util.Arrays.copyOf(payload, payload.length + 4);
		all[all.length - 1] = (byte) 0xFF;
		all[all.length - 2] = (byte) 0xFF;
		Inflater inflater = new Inflater(true);
		try {
			inflater.setInput(all);
			byte[] message = new byte[1 << 20];
			return java.util.Arrays.copyOf(message, inflater.inflate(message));
		}
		catch (DataFormatException ex) {
			throw new AssertionError("This is not deflated", ex);
		}
		finally {
			inflater.end();
		}
	}

	/** What a client sends: deflated, without the tail of its flush. */
	static byte[] deflate(byte[] message) {
		Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
		try {
			deflater.setInput(message);
			byte[] all = new byte[message.length + 64];
			return java.util.Arrays.copyOf(all, deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH) - 4);
		}
		finally {
			deflater.end();
		}
	}

}
