package dev.realtime.spring.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a client sent. The values of its members stay text until they are
 * asked for, so a document takes no more memory than its own size, however many values it
 * has and however deep they are nested. Does not recurse.
 */
public final class JsonObject {

	/** Our documents have two or three. */
	private static final int MAX_MEMBERS = 32;

	/** Digits of the largest long, less one: no overflow. */
	private static final int MAX_DIGITS = 18;

	private final Map<String, String> members = new LinkedHashMap<>();

	private JsonObject() {
	}

	/**
	 * Reads a document.
	 * @throws IllegalArgumentException if it is not exactly one JSON object, has more
	 * than {@value #MAX_MEMBERS} members or is nested too deeply
	 */
	public static JsonObject parse(String text) {
		JsonSyntax syntax = new JsonSyntax(text);
		JsonObject object = new JsonObject();
		syntax.space();
		require(syntax.take('{'));
		syntax.space();
		if (!syntax.take('}')) {
			object.readMembers(text, syntax);
		}
		syntax.space();
		require(syntax.at() == text.length());
		return object;
	}

	/**
	 * The text of a member, or null if it has none.
	 * @throws IllegalArgumentException if the member is something else
	 */
	public @Nullable String string(String name) {
		String value = value(name);
		require(value == null || value.charAt(0) == '"');
		return (value != null) ? unescape(value, 0, value.length()) : null;
	}

	/**
	 * A whole number from 0 up, or null if there is none.
	 * @throws IllegalArgumentException if the member is something else
	 */
	public @Nullable Long wholeNumber(String name) {
		String value = value(name);
		require(value == null || (value.length() <= MAX_DIGITS && value.chars().allMatch((c) -> c >= '0' && c <= '9')));
		return (value != null) ? (Long) Long.parseLong(value) : null;
	}

	/**
	 * A list of texts, or null if there is none.
	 * @param most how many there may be
	 * @throws IllegalArgumentException if there are more, or the member is something else
	 */
	public @Nullable List<String> strings(String name, int most) {
		String value = value(name);
		if (value == null) {
			return null;
		}
		JsonSyntax syntax = new JsonSyntax(value);
		require(syntax.take('['));
		syntax.space();
		List<String> texts = new ArrayList<>();
		if (syntax.take(']')) {
			return texts;
		}
		do {
			syntax.space();
			int start = syntax.at();
			require(syntax.peek() == '"' && syntax.string() && texts.size() < most);
			texts.add(unescape(value, start, syntax.at()));
			syntax.space();
		}
		while (syntax.take(','));
		require(syntax.take(']'));
		return texts;
	}

	private @Nullable String value(String name) {
		String value = this.members.get(name);
		return (value == null || value.equals("null")) ? null : value;
	}

	private void readMembers(String text, JsonSyntax syntax) {
		do {
			syntax.space();
			int name = syntax.at();
			require(syntax.peek() == '"' && syntax.string());
			int nameEnd = syntax.at();
			syntax.space();
			require(syntax.take(':'));
			syntax.space();
			int value = syntax.at();
			require(syntax.value() && this.members.size() < MAX_MEMBERS);
			this.members.put(unescape(text, name, nameEnd), text.substring(value, syntax.at()));
			syntax.space();
		}
		while (syntax.take(','));
		require(syntax.take('}'));
	}

	/** What a valid string says, which is between these indexes, quotes included. */
	private static String unescape(String json, int start, int end) {
		StringBuilder text = new StringBuilder(end - start);
		for (int i = start + 1; i < end - 1; i++) {
			char c = json.charAt(i);
			if (c != '\\') {
				text.append(c);
				continue;
			}
			char escape = json.charAt(++i);
			text.append(switch (escape) {
				case 'b' -> '\b';
				case 'f' -> '\f';
				case 'n' -> '\n';
				case 'r' -> '\r';
				case 't' -> '\t';
				case 'u' -> (char) Integer.parseInt(json, i + 1, i + 5, 16);
				default -> escape;
			});
			i += (escape == 'u') ? 4 : 0;
		}
		return text.toString();
	}

	private static void require(boolean condition) {
		if (!condition) {
			throw new IllegalArgumentException("Not the JSON object that is expected");
		}
	}

}
