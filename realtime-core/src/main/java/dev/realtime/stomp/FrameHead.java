package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The command and the headers of a client's frame, decoded line by line. */
final class FrameHead {

	/** The longest command is UNSUBSCRIBE. */
	static final int MAX_COMMAND = 11;

	private static final String CONTENT_LENGTH = "content-length";

	/** More digits are more bytes than any frame may have. */
	private static final int MAX_LENGTH_DIGITS = 9;

	private static final int QUOTED = 40;

	private final int maxHeaders;

	private final Map<String, List<String>> headers = new LinkedHashMap<>();

	private @Nullable StompCommand command;

	private int count;

	private int contentLength = -1;

	FrameHead(int maxHeaders) {
		this.maxHeaders = maxHeaders;
	}

	StompCommand command() {
		if (this.command == null) {
			throw new IllegalStateException("The frame has no command yet");
		}
		return this.command;
	}

	/** The first values of as many headers as are kept. */
	Map<String, List<String>> headers() {
		return this.headers;
	}

	/** How many headers there are, also those that are not kept. */
	int count() {
		return this.count;
	}

	/** The body's length in bytes, or -1 if a NUL ends it. */
	int contentLength() {
		return this.contentLength;
	}

	boolean mayHaveBody() {
		return this.command == StompCommand.SEND;
	}

	@Nullable String receipt() {
		List<String> values = this.headers.get("receipt");
		return (values != null) ? values.get(0) : null;
	}

	MalformedFrameException malformed(String sentence) {
		return new MalformedFrameException(sentence, false, receipt());
	}

	/** Takes the next line, which is not empty, without its end. */
	void line(byte[] bytes, int from, int to) {
		if (this.command == null) {
			this.command = commandOf(bytes, from, to);
		}
		else {
			header(bytes, from, to, this.command);
		}
	}

	/** Checks a first line that has not ended, and is longer than any command. */
	void checkCommand(byte[] bytes, int from, int size) {
		if (this.command == null) {
			this.command = commandOf(bytes, from, from + size);
		}
	}

	private StompCommand commandOf(byte[] bytes, int from, int to) {
		StompCommand found = StompCommand.of(bytes, from, to);
		if (found == null) {
			String begin = new String(bytes, from, Math.min(to - from, MAX_COMMAND + 1), StandardCharsets.ISO_8859_1);
			throw malformed(quoted((to - from > MAX_COMMAND) ? begin.substring(0, MAX_COMMAND) + '…' : begin)
					+ " is not a command of a STOMP 1.2 client");
		}
		return found;
	}

	private void header(byte[] bytes, int from, int to, StompCommand command) {
		int colon = -1;
		boolean ascii = true;
		boolean escapes = false;
		for (int i = from; i < to; i++) {
			byte each = bytes[i];
			if (each == ':') {
				colon = (colon < 0) ? i : colon;
			}
			else if (each == '\\') {
				escapes = true;
			}
			else if (each == '\r') {
				throw malformed("A carriage return is allowed only before a line feed; elsewhere escape it as \\r");
			}
			else if (each < 0) {
				ascii = false;
			}
		}
		if (colon <= from) {
			throw malformed("A header is name:value, not " + quoted(text(bytes, from, to, ascii)));
		}
		String known = HeaderNames.find(bytes, from, colon);
		String name = (known != null) ? known : text(bytes, from, colon, ascii);
		String value = text(bytes, colon + 1, to, ascii);
		// CONNECT has no escapes, for the sake of STOMP 1.0.
		boolean escaped = escapes && !command.opens();
		add((escaped && known == null) ? unescaped(name) : name, escaped ? unescaped(value) : value);
	}

	/** Of several headers of one name the first counts (STOMP 1.2). */
	private void add(String name, String value) {
		this.count++;
		if (this.contentLength < 0 && name.equals(CONTENT_LENGTH)) {
			this.contentLength = length(value);
		}
		if (this.count <= this.maxHeaders) {
			this.headers.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
		}
	}

	private int length(String value) {
		if (!isNumber(value)) {
			throw malformed("content-length must be a number of bytes, not " + quoted(value));
		}
		int zeros = 0;
		while (zeros < value.length() - 1 && value.charAt(zeros) == '0') {
			zeros++;
		}
		return (value.length() - zeros > MAX_LENGTH_DIGITS) ? Integer.MAX_VALUE
				: Integer.parseInt(value, zeros, value.length(), 10);
	}

	private static boolean isNumber(String value) {
		for (int i = 0; i < value.length(); i++) {
			if (value.charAt(i) < '0' || value.charAt(i) > '9') {
				return false;
			}
		}
		return !value.isEmpty();
	}

	private String text(byte[] bytes, int from, int to, boolean ascii) {
		if (ascii) {
			return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
		}
		catch (CharacterCodingException ex) {
			throw malformed("The command and the headers must be UTF-8");
		}
	}

	private String unescaped(String raw) {
		StringBuilder text = new StringBuilder(raw.length());
		for (int i = 0; i < raw.length(); i++) {
			char next = raw.charAt(i);
			text.append((next != '\\') ? next : unescaped(raw, ++i));
		}
		return text.toString();
	}

	private char unescaped(String raw, int index) {
		char escape = (index < raw.length()) ? raw.charAt(index) : ' ';
		return switch (escape) {
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 'c' -> ':';
			case '\\' -> '\\';
			default -> throw malformed("A header has an escape other than \\\\, \\n, \\r and \\c: " + quoted(raw));
		};
	}

	/** Quotes what a client sent in a sentence for it: not much of it, and harmless. */
	private static String quoted(String text) {
		StringBuilder quote = new StringBuilder(QUOTED + 3).append('"');
		for (int i = 0; i < Math.min(text.length(), QUOTED); i++) {
			char each = text.charAt(i);
			quote.append(Character.isISOControl(each) ? '?' : each);
		}
		return quote.append((text.length() > QUOTED) ? "…\"" : "\"").toString();
	}

}
