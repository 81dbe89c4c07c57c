package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one STOMP frame: command, headers with escapes as STOMP 1.2 asks, a body, NUL.
 * For one thread and one frame.
 */
final class FrameWriter {

	private byte[] bytes;

	private int length;

	FrameWriter(String command, int expectedSize) {
		this.bytes = new byte[expectedSize];
		ascii(command);
		octet('\n');
	}

	/** A header whose value needs no escapes. */
	FrameWriter header(String name, long value) {
		ascii(name);
		octet(':');
		ascii(Long.toString(value));
		octet('\n');
		return this;
	}

	/** A header of any characters. */
	FrameWriter header(String name, String value) {
		escaped(name);
		octet(':');
		escaped(value);
		octet('\n');
		return this;
	}

	/** A header of a frame that knows no escapes. */
	FrameWriter plainHeader(String name, String value) {
		ascii(name);
		octet(':');
		byte[] utf8 = value.replace('\n', '?').replace('\r', '?').replace('\0', '?').getBytes(StandardCharsets.UTF_8);
		room(utf8.length);
		System.arraycopy(utf8, 0, this.bytes, this.length, utf8.length);
		this.length += utf8.length;
		octet('\n');
		return this;
	}

	/** Ends the headers and writes the body; the frame is finished. */
	byte[] body(ByteBuffer body) {
		octet('\n');
		int size = body.remaining();
		room(size + 1);
		body.get(this.bytes, this.length, size);
		this.length += size;
		octet(0);
		return (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
	}

	/** A frame without a body. */
	byte[] end() {
		return body(ByteBuffer.allocate(0));
	}

	private void escaped(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '\\' -> escape('\\');
				case '\n' -> escape('n');
				case '\r' -> escape('r');
				case ':' -> escape('c');
				default -> {
					if (c == 0) {
						// NUL ends a frame and STOMP knows no escape for it.
						octet('?');
					}
					else if (c < 128) {
						octet(c);
					}
					else {
						i += wide(text, i) - 1;
					}
				}
			}
		}
	}

	/** Writes one character outside ASCII, which may be two Java chars. */
	private int wide(String text, int index) {
		int chars = Character.charCount(text.codePointAt(index));
		byte[] utf8 = text.substring(index, index + chars).getBytes(StandardCharsets.UTF_8);
		room(utf8.length);
		System.arraycopy(utf8, 0, this.bytes, this.length, utf8.length);
		this.length += utf8.length;
		return chars;
	}

	private void escape(char c) {
		octet('\\');
		octet(c);
	}

	private void ascii(String text) {
		int size = text.length();
		room(size);
		for (int i = 0; i < size; i++) {
			this.bytes[this.length + i] = (byte) text.charAt(i);
		}
		this.length += size;
	}

	private void octet(int octet) {
		room(1);
		this.bytes[this.length++] = (byte) octet;
	}

	private void room(int more) {
		if (this.length + more > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.bytes.length * 2, this.length + more));
		}
	}

}
