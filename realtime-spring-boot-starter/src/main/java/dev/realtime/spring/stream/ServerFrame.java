package dev.realtime.spring.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * A STOMP frame of the server, read once for all streams that get it. Confined to a
 * shard, but for what never changes.
 */
final class ServerFrame {

	private static final String CONNECTED = "CONNECTED";

	private final String command;

	private final Map<String, String> headers;

	private final ByteBuffer body;

	private final @Nullable Position position;

	private byte @Nullable [] message;

	private ServerFrame(String command, Map<String, String> headers, ByteBuffer body) {
		this.command = command;
		this.headers = headers;
		this.body = body;
		this.position = position(headers);
	}

	/** Reads one whole frame; a heartbeat is a frame without a command. */
	static ServerFrame parse(byte[] bytes) {
		Map<String, String> headers = new LinkedHashMap<>();
		int at = 0;
		String command = null;
		while (at < bytes.length) {
			int end = at;
			while (end < bytes.length && bytes[end] != '\n') {
				end++;
			}
			String line = new String(bytes, at, end - at, StandardCharsets.UTF_8);
			at = end + 1;
			if (line.endsWith("\r")) {
				line = line.substring(0, line.length() - 1);
			}
			if (line.isEmpty()) {
				if (command != null) {
					break;
				}
			}
			else if (command == null) {
				command = line;
			}
			else {
				header(headers, line, !CONNECTED.equals(command));
			}
		}
		return new ServerFrame((command != null) ? command : "", headers, body(bytes, at, headers));
	}

	String command() {
		return this.command;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	/** The body's bytes, a new view each time. */
	ByteBuffer body() {
		return this.body.duplicate();
	}

	/** Of a numbered message; null for anything else. */
	@Nullable Position position() {
		return this.position;
	}

	/** Its document as a message, made when the first stream asks. */
	byte[] message() {
		byte[] known = this.message;
		if (known == null) {
			known = Documents.message(this);
			this.message = known;
		}
		return known;
	}

	/** Of repeated headers the first counts, as STOMP demands. */
	private static void header(Map<String, String> headers, String line, boolean escaped) {
		int colon = line.indexOf(':');
		if (colon > 0) {
			String name = line.substring(0, colon);
			String value = line.substring(colon + 1);
			headers.putIfAbsent(escaped ? unescape(name) : name, escaped ? unescape(value) : value);
		}
	}

	private static String unescape(String text) {
		if (text.indexOf('\\') < 0) {
			return text;
		}
		StringBuilder plain = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '\\' && i + 1 < text.length()) {
				char escape = text.charAt(++i);
				plain.append(switch (escape) {
					case 'n' -> '\n';
					case 'r' -> '\r';
					case 'c' -> ':';
					default -> escape;
				});
			}
			else {
				plain.append(c);
			}
		}
		return plain.toString();
	}

	private static ByteBuffer body(byte[] bytes, int start, Map<String, String> headers) {
		int from = Math.min(start, bytes.length);
		int left = bytes.length - from;
		String length = headers.get("content-length");
		if (length != null && length.matches("\\d{1,9}")) {
			return ByteBuffer.wrap(bytes, from, Math.min(Integer.parseInt(length), left)).slice().asReadOnlyBuffer();
		}
		int end = from;
		while (end < bytes.length && bytes[end] != 0) {
			end++;
		}
		return ByteBuffer.wrap(bytes, from, end - from).slice().asReadOnlyBuffer();
	}

	/** Only what the engine numbered has the number in its message-id too. */
	private static @Nullable Position position(Map<String, String> headers) {
		String id = headers.get("message-id");
		if (id == null || !id.equals(headers.get("epoch") + '-' + headers.get("seq"))) {
			return null;
		}
		try {
			return Positions.parse(id);
		}
		catch (StreamRefusedException ex) {
			return null;
		}
	}

}
