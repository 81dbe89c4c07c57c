package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A frame of the server's. */
final class ServerFrame {

	private final String command;

	private final Map<String, String> headers;

	private final byte[] body;

	private ServerFrame(String command, Map<String, String> headers, byte[] body) {
		this.command = command;
		this.headers = Collections.unmodifiableMap(headers);
		this.body = body;
	}

	/** Decodes the frames of one WebSocket message; heartbeats between them are none. */
	static List<ServerFrame> decode(byte[] bytes) {
		List<ServerFrame> frames = new ArrayList<>();
		int begin = 0;
		while (begin < bytes.length) {
			if (bytes[begin] == '\n' || bytes[begin] == '\r') {
				begin++;
			}
			else {
				begin = decode(bytes, begin, frames);
			}
		}
		return frames;
	}

	private static int decode(byte[] bytes, int begin, List<ServerFrame> frames) {
		int lineEnd = indexOf(bytes, begin, '\n');
		String command = text(bytes, begin, lineEnd);
		Map<String, String> headers = new LinkedHashMap<>();
		int line = lineEnd + 1;
		lineEnd = indexOf(bytes, line, '\n');
		while (!text(bytes, line, lineEnd).isEmpty()) {
			header(text(bytes, line, lineEnd), !command.equals("CONNECTED"), headers);
			line = lineEnd + 1;
			lineEnd = indexOf(bytes, line, '\n');
		}
		int body = lineEnd + 1;
		String length = headers.get("content-length");
		int end = (length != null) ? body + Integer.parseInt(length) : indexOf(bytes, body, '\0');
		byte[] content = new byte[end - body];
		System.arraycopy(bytes, body, content, 0, content.length);
		frames.add(new ServerFrame(command, headers, content));
		return end + 1;
	}

	private static void header(String line, boolean escaped, Map<String, String> headers) {
		int colon = line.indexOf(':');
		String name = line.substring(0, colon);
		String value = line.substring(colon + 1);
		headers.putIfAbsent(escaped ? unescape(name) : name, escaped ? unescape(value) : value);
	}

	private static String unescape(String text) {
		StringBuilder plain = new StringBuilder();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c != '\\' || i + 1 == text.length()) {
				plain.append(c);
			}
			else {
				i++;
				plain.append(switch (text.charAt(i)) {
					case 'c' -> ':';
					case 'n' -> '\n';
					case 'r' -> '\r';
					default -> text.charAt(i);
				});
			}
		}
		return plain.toString();
	}

	private static int indexOf(byte[] bytes, int begin, char wanted) {
		for (int i = begin; i < bytes.length; i++) {
			if (bytes[i] == wanted) {
				return i;
			}
		}
		throw new IllegalStateException("The server sent an incomplete frame: " + text(bytes, 0, bytes.length));
	}

	private static String text(byte[] bytes, int begin, int end) {
		int length = (end > begin && end < bytes.length && bytes[end - 1] == '\r') ? end - 1 - begin : end - begin;
		return new String(bytes, begin, length, StandardCharsets.UTF_8);
	}

	String command() {
		return this.command;
	}

	/** In their order; of a repeated header the first. */
	Map<String, String> headers() {
		return this.headers;
	}

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	/** Returns the value of a header that the frame must have. */
	String required(String name) {
		String value = this.headers.get(name);
		if (value == null) {
			throw new IllegalStateException("There is no header " + name + " in " + this);
		}
		return value;
	}

	byte[] body() {
		return this.body.clone();
	}

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return this.command + ' ' + this.headers + ' ' + text();
	}

}
