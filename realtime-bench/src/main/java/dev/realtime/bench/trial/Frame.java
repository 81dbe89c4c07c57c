package dev.realtime.bench.trial;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

/**
 * A frame that the server sent, as a view of the WebSocket message that it came in.
 *
 * @param text the message, one character for each byte
 * @param start of the frame
 * @param head where its headers end
 * @param end of its body
 */
record Frame(String text, int start, int head, int end) {

	/** Calls back with each frame of a WebSocket message. */
	static void each(ByteBuf bytes, int start, int length, Consumer<Frame> consumer) {
		String text = bytes.toString(start, length, StandardCharsets.ISO_8859_1);
		int at = 0;
		while (at < length) {
			char first = text.charAt(at);
			if (first == '\n' || first == '\r' || first == 0) {
				at++;
				continue;
			}
			int head = text.indexOf("\n\n", at);
			if (head < 0) {
				return;
			}
			long known = new Frame(text, at, head, head).number("content-length");
			int nul = (known >= 0) ? (int) Math.min(length, head + 2 + known) : text.indexOf('\0', head);
			int end = (nul < 0) ? length : nul;
			consumer.accept(new Frame(text, at, head, end));
			at = end + 1;
		}
	}

	boolean is(String command) {
		return this.text.startsWith(command, this.start);
	}

	/** The value of a header, unescaped; empty if there is none. */
	String header(String name) {
		int at = this.text.indexOf('\n' + name + ':', this.start);
		if (at < 0 || at >= this.head) {
			return "";
		}
		int value = at + name.length() + 2;
		String raw = this.text.substring(value, Math.min(this.head, this.text.indexOf('\n', value)));
		String decoded = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
		return (decoded.indexOf('\\') < 0) ? decoded
				: decoded.replace("\\c", ":").replace("\\n", " ").replace("\\r", "").replace("\\\\", "\\");
	}

	/** The same as a number; -1 if there is none. */
	long number(String name) {
		int at = this.text.indexOf('\n' + name + ':', this.start);
		if (at < 0 || at >= this.head) {
			return -1;
		}
		long value = 0;
		for (int i = at + name.length() + 2; i < this.head; i++) {
			int digit = this.text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				break;
			}
			value = value * 10 + digit;
		}
		return value;
	}

	/** A sentence for people: the header {@code message}, or the begin of the body. */
	String sentence() {
		String message = header("message");
		int body = Math.min(this.end, this.head + 2);
		return message.isEmpty() ? this.text.substring(body, Math.min(this.end, body + 200)) : message;
	}

}
