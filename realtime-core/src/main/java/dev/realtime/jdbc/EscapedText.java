package dev.realtime.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Texts as they stand in columns. What a database may refuse or change is escaped the way
 * that JSON does: control characters (PostgreSQL takes no NUL) and lone surrogates; so
 * the backslash is, too. Headers are one JSON object, in their order. Ordinary texts look
 * as they are. Stateless.
 */
public final class EscapedText {

	private final String text;

	private int next;

	private EscapedText(String text) {
		this.text = text;
	}

	/** A text of its own column. */
	public static @Nullable String write(@Nullable String text) {
		if (text == null) {
			return null;
		}
		StringBuilder escaped = new StringBuilder(text.length());
		escape(text, escaped, false);
		return escaped.toString();
	}

	/** What {@link #write} was given. */
	public static @Nullable String read(@Nullable String column) {
		if (column == null || column.indexOf('\\') < 0) {
			return column;
		}
		EscapedText reader = new EscapedText(column);
		StringBuilder text = new StringBuilder(column.length());
		while (reader.next < column.length()) {
			reader.character(text);
		}
		return text.toString();
	}

	/** The headers, or null for none. */
	public static @Nullable String writeHeaders(Map<String, String> headers) {
		if (headers.isEmpty()) {
			return null;
		}
		StringBuilder json = new StringBuilder("{");
		headers.forEach((name, value) -> {
			json.append((json.length() > 1) ? ",\"" : "\"");
			escape(name, json, true);
			json.append("\":\"");
			escape(value, json, true);
			json.append('"');
		});
		return json.append('}').toString();
	}

	/**
	 * What {@link #writeHeaders} was given.
	 * @throws IllegalArgumentException when it is not of that form
	 */
	public static Map<String, String> readHeaders(@Nullable String json) {
		if (json == null) {
			return Map.of();
		}
		Map<String, String> headers = new LinkedHashMap<>();
		EscapedText reader = new EscapedText(json);
		reader.expect('{');
		do {
			String name = reader.quoted();
			reader.expect(':');
			headers.put(name, reader.quoted());
		}
		while (reader.has(','));
		reader.expect('}');
		return headers;
	}

	private static void escape(String text, StringBuilder escaped, boolean quoted) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length()
					&& Character.isLowSurrogate(text.charAt(i + 1));
			if (pair) {
				escaped.append(c).append(text.charAt(++i));
			}
			else if (c == '\\' || (quoted && c == '"')) {
				escaped.append('\\').append(c);
			}
			else if (c < ' ' || Character.isSurrogate(c)) {
				escaped.append(String.format("\\u%04x", (int) c));
			}
			else {
				escaped.append(c);
			}
		}
	}

	private String quoted() {
		expect('"');
		StringBuilder quoted = new StringBuilder();
		while (!has('"')) {
			character(quoted);
		}
		return quoted.toString();
	}

	private void character(StringBuilder to) {
		char c = read();
		if (c != '\\') {
			to.append(c);
			return;
		}
		char escaped = read();
		if (escaped == 'u' && this.next + 4 <= this.text.length()) {
			to.append((char) Integer.parseInt(this.text, this.next, this.next + 4, 16));
			this.next += 4;
		}
		else {
			to.append(escaped);
		}
	}

	private char read() {
		if (this.next == this.text.length()) {
			throw new IllegalArgumentException("Headers end at index " + this.next + " before they are complete");
		}
		return this.text.charAt(this.next++);
	}

	private boolean has(char wanted) {
		boolean has = this.next < this.text.length() && this.text.charAt(this.next) == wanted;
		if (has) {
			this.next++;
		}
		return has;
	}

	private void expect(char wanted) {
		if (!has(wanted)) {
			throw new IllegalArgumentException("Headers lack a " + wanted + " at index " + this.next);
		}
	}

}
