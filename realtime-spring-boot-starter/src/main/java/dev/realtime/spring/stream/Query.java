package dev.realtime.spring.stream;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The parameters of a request, in their order; an empty one counts as absent. */
final class Query {

	/** Digits of the largest long, less one: no overflow. */
	private static final int MAX_DIGITS = 18;

	private final Map<String, List<String>> parameters = new LinkedHashMap<>();

	/** Takes the part of the address behind the question mark. */
	Query(@Nullable String text) {
		if (text == null) {
			return;
		}
		for (String part : text.split("&", -1)) {
			int equals = part.indexOf('=');
			String name = decode((equals < 0) ? part : part.substring(0, equals));
			String value = (equals < 0) ? "" : decode(part.substring(equals + 1));
			if (!name.isEmpty() && !value.isEmpty()) {
				this.parameters.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
			}
		}
	}

	List<String> all(String name) {
		return this.parameters.getOrDefault(name, List.of());
	}

	/** The first of this name, or null. */
	@Nullable String first(String name) {
		List<String> values = all(name);
		return values.isEmpty() ? null : values.get(0);
	}

	/** The first of each name. */
	Map<String, String> firsts() {
		Map<String, String> firsts = new LinkedHashMap<>();
		this.parameters.forEach((name, values) -> firsts.put(name, values.get(0)));
		return firsts;
	}

	/**
	 * A whole number from 0 up.
	 * @throws StreamRefusedException when it is none
	 */
	static long number(String name, String text) {
		boolean legal = !text.isEmpty() && text.length() <= MAX_DIGITS;
		for (int i = 0; legal && i < text.length(); i++) {
			legal = text.charAt(i) >= '0' && text.charAt(i) <= '9';
		}
		if (!legal) {
			throw new StreamRefusedException(name + " must be a whole number of 1 to " + MAX_DIGITS + " digits");
		}
		return Long.parseLong(text);
	}

	private static String decode(String text) {
		try {
			String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
			if (decoded.indexOf('\0') >= 0) {
				throw new StreamRefusedException("A parameter must not contain NUL");
			}
			return decoded;
		}
		catch (IllegalArgumentException ex) {
			throw new StreamRefusedException("The query is not encoded as a URL must be");
		}
	}

}
