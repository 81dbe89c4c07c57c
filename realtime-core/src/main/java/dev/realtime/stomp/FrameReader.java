package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads one frame by the grammar of STOMP 1.2, strictly: an unknown command, a header
 * without a colon, an undefined escape, text that is not UTF-8, a length that does not
 * fit, and a body where none is allowed are refused. For one thread and one frame.
 */
final class FrameReader {

	static final String CONTENT_LENGTH = "content-length";

	private static final int QUOTED = 40;

	private final ByteBuffer bytes;

	FrameReader(ByteBuffer frame) {
		this.bytes = frame.asReadOnlyBuffer();
	}

	StompFrame read() {
		StompCommand command = command(line());
		Map<String, List<String>> headers = headers(!command.opens());
		ByteBuffer body = body(headers);
		if (body.hasRemaining() && command != StompCommand.SEND) {
			throw new MalformedFrameException("Only a SEND frame has a body");
		}
		return new StompFrame(command, headers, body);
	}

	/**
	 * Returns the command of this name.
	 * @throws MalformedFrameException when clients have no such command
	 */
	static StompCommand command(String name) {
		StompCommand command = StompCommand.of(name);
		if (command == null) {
			throw new MalformedFrameException('"' + quoted(name) + "\" is not a command of a STOMP 1.2 client");
		}
		return command;
	}

	/**
	 * Returns the value of a content-length header.
	 * @throws MalformedFrameException when it is no length
	 */
	static int contentLength(String value) {
		try {
			int length = Integer.parseInt(value);
			if (length >= 0) {
				return length;
			}
		}
		catch (NumberFormatException ex) {
			// Falls through to the one answer.
		}
		throw new MalformedFrameException("content-length must be a number of bytes, not \"" + quoted(value) + '"');
	}

	private Map<String, List<String>> headers(boolean escaped) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			if (colon <= 0) {
				throw new MalformedFrameException("A header is name:value, not \"" + quoted(line) + '"');
			}
			String name = text(line.substring(0, colon), escaped);
			headers.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(text(line.substring(colon + 1), escaped));
		}
		return headers;
	}

	private ByteBuffer body(Map<String, List<String>> headers) {
		@Nullable List<String> length = headers.get(CONTENT_LENGTH);
		int begin = this.bytes.position();
		int end = (length != null) ? begin + contentLength(length.get(0)) : nul(begin);
		if (end < begin || end >= this.bytes.limit() || this.bytes.get(end) != 0) {
			throw new MalformedFrameException("The frame does not end with NUL where it should"
					+ ((length != null) ? "; content-length counts bytes" : ""));
		}
		ByteBuffer body = this.bytes.slice(begin, end - begin);
		for (int i = end + 1; i < this.bytes.limit(); i++) {
			byte each = this.bytes.get(i);
			if (each != '\n' && each != '\r') {
				throw new MalformedFrameException("Something other than ends of lines follows the frame");
			}
		}
		return body;
	}

	private int nul(int from) {
		int index = from;
		while (index < this.bytes.limit() && this.bytes.get(index) != 0) {
			index++;
		}
		return index;
	}

	/** The next line, without its end. */
	private String line() {
		int begin = this.bytes.position();
		int end = begin;
		while (end < this.bytes.limit() && this.bytes.get(end) != '\n') {
			if (this.bytes.get(end) == 0) {
				throw new MalformedFrameException("The frame ends before its headers do: an empty line is missing");
			}
			end++;
		}
		if (end == this.bytes.limit()) {
			throw new MalformedFrameException("The frame ends before its headers do: an empty line is missing");
		}
		this.bytes.position(end + 1);
		int last = (end > begin && this.bytes.get(end - 1) == '\r') ? end - 1 : end;
		String line = utf8(this.bytes.slice(begin, last - begin));
		if (line.indexOf('\r') >= 0) {
			throw new MalformedFrameException("A carriage return stands only before a line feed; escape it as \\r");
		}
		return line;
	}

	private static String utf8(ByteBuffer bytes) {
		try {
			CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
			return text.toString();
		}
		catch (CharacterCodingException ex) {
			throw new MalformedFrameException("The command and the headers must be UTF-8");
		}
	}

	/** CONNECT has no escapes, for the sake of STOMP 1.0. */
	private static String text(String raw, boolean escaped) {
		if (!escaped || raw.indexOf('\\') < 0) {
			return raw;
		}
		StringBuilder text = new StringBuilder(raw.length());
		for (int i = 0; i < raw.length(); i++) {
			char next = raw.charAt(i);
			text.append((next != '\\') ? next : unescaped(raw, ++i));
		}
		return text.toString();
	}

	private static char unescaped(String raw, int index) {
		char escape = (index < raw.length()) ? raw.charAt(index) : ' ';
		return switch (escape) {
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 'c' -> ':';
			case '\\' -> '\\';
			default -> throw new MalformedFrameException(
					"A header has an escape other than \\\\, \\n, \\r and \\c: \"" + quoted(raw) + '"');
		};
	}

	private static String quoted(String text) {
		return (text.length() > QUOTED) ? text.substring(0, QUOTED) + "…" : text;
	}

}
