package dev.realtime.conformance.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A STOMP frame with the bytes that it came as. Immutable. */
public final class StompFrame {

	private final String command;

	private final Map<String, String> headers;

	private final byte[] body;

	private final byte[] bytes;

	StompFrame(String command, Map<String, String> headers, byte[] body, byte[] bytes) {
		this.command = command;
		this.headers = Collections.unmodifiableMap(headers);
		this.body = body;
		this.bytes = bytes;
	}

	/** Makes a frame. */
	public static StompFrame of(String command, Map<String, String> headers, byte[] body) {
		StringBuilder head = new StringBuilder(command).append('\n');
		boolean escaped = !command.equals("CONNECT") && !command.equals("CONNECTED");
		headers.forEach((name, value) -> head.append(escaped ? escape(name) : name)
			.append(':')
			.append(escaped ? escape(value) : value)
			.append('\n'));
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(head.append('\n').toString().getBytes(StandardCharsets.UTF_8));
		bytes.writeBytes(body);
		bytes.write(0);
		return new StompFrame(command, new LinkedHashMap<>(headers), body, bytes.toByteArray());
	}

	/** Makes a frame without a body. */
	public static StompFrame of(String command, Map<String, String> headers) {
		return of(command, headers, new byte[0]);
	}

	/** Makes a control event of a connection, as the node sends it. */
	public static StompFrame event(String event, Map<String, String> more) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("subscription", "realtime");
		headers.put("message-id", "control-900");
		headers.put("destination", "/realtime");
		headers.put("event", event);
		headers.putAll(more);
		return of("MESSAGE", headers);
	}

	/** Returns the same frame with another value of a header. */
	public StompFrame with(String name, String value) {
		Map<String, String> changed = new LinkedHashMap<>(this.headers);
		changed.put(name, value);
		return of(this.command, changed, this.body);
	}

	public String command() {
		return this.command;
	}

	/** Returns the header's value, or null. */
	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	/** Returns the header's value, or an empty text. */
	public String text(String name) {
		return this.headers.getOrDefault(name, "");
	}

	/** Returns the value of a header whose name may be in any case, or an empty text. */
	public String textOfAnyCase(String name) {
		return this.headers.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(name))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse("");
	}

	public String body() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/** Returns a copy of the bytes, with the NUL at the end. */
	public byte[] bytes() {
		return this.bytes.clone();
	}

	/** Whether this is a message of a subscription, not a control event. */
	public boolean isMessage() {
		return this.command.equals("MESSAGE") && !"realtime".equals(header("subscription"));
	}

	static String unescape(String text) {
		StringBuilder plain = new StringBuilder();
		for (int i = 0; i < text.length(); i++) {
			char next = text.charAt(i);
			if (next != '\\' || i + 1 == text.length()) {
				plain.append(next);
				continue;
			}
			char escaped = text.charAt(++i);
			plain.append(switch (escaped) {
				case 'n' -> '\n';
				case 'r' -> '\r';
				case 'c' -> ':';
				default -> escaped;
			});
		}
		return plain.toString();
	}

	private static String escape(String text) {
		return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace(":", "\\c");
	}

	@Override
	public String toString() {
		return this.command + " " + this.headers;
	}

}
