package dev.realtime.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document, without any JSON library: the core has none, and the starter
 * must run beside Jackson 2 and 3. For one thread. Commas are written where they belong;
 * the caller opens and closes what it must. Numbers are whole ones, so that none is
 * written that JSON does not know. Public for our own packages; not for applications.
 */
public final class Json {

	private static final char[] HEX = "0123456789abcdef".toCharArray();

	private final StringBuilder out;

	private boolean comma;

	/** Starts a document of about so many characters. */
	public Json(int expected) {
		this.out = new StringBuilder(expected);
	}

	/** Opens an object or an array. */
	public Json open(char bracket) {
		separate();
		this.out.append(bracket);
		this.comma = false;
		return this;
	}

	/** Closes what was opened. */
	public Json close(char bracket) {
		this.out.append(bracket);
		this.comma = true;
		return this;
	}

	/** The name of the value that follows. */
	public Json name(String name) {
		separate();
		quote(name);
		this.out.append(':');
		this.comma = false;
		return this;
	}

	/** A string. */
	public Json value(String text) {
		separate();
		quote(text);
		this.comma = true;
		return this;
	}

	/** A number. */
	public Json value(long number) {
		return raw(Long.toString(number));
	}

	/** True or false. */
	public Json value(boolean truth) {
		return raw(Boolean.toString(truth));
	}

	/** A value that is JSON already; the caller knows that it is well-formed. */
	public Json raw(String json) {
		separate();
		this.out.append(json);
		this.comma = true;
		return this;
	}

	/** A name and its text, or nothing when there is no text. */
	public Json optional(String name, @Nullable String text) {
		return (text != null) ? name(name).value(text) : this;
	}

	/** A name and an object of texts. */
	public Json object(String name, Map<String, String> entries) {
		name(name).open('{');
		entries.forEach((key, text) -> name(key).value(text));
		return close('}');
	}

	/** How many characters there are so far. */
	public int length() {
		return this.out.length();
	}

	/** What there is so far, as UTF-8. */
	public byte[] bytes() {
		return this.out.toString().getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return this.out.toString();
	}

	private void separate() {
		if (this.comma) {
			this.out.append(',');
		}
	}

	private void quote(String text) {
		this.out.append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				this.out.append('\\').append(c);
			}
			else if (c < ' ' || c == '<' || c == 0x7f || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
				escape(c);
			}
			else {
				this.out.append(c);
			}
		}
		this.out.append('"');
	}

	/**
	 * Surrogates too: a lone one has no UTF-8 form, and a pair may be written so as well.
	 */
	private void escape(char c) {
		this.out.append("\\u")
			.append(HEX[c >> 12])
			.append(HEX[(c >> 8) & 15])
			.append(HEX[(c >> 4) & 15])
			.append(HEX[c & 15]);
	}

}
