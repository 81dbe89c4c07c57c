package dev.realtime.stomp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The cases of {@code docs/wire-fixtures}, which clients' tests read too. Each file holds
 * a list of cases: a {@code name}, what goes {@code in}, and the exact {@code text} that
 * comes out.
 */
public final class WireFixtures {

	private static final Path FOLDER = Path.of("..", "docs", "wire-fixtures");

	private WireFixtures() {
	}

	/** The cases of one file, such as {@code message.json}. */
	public static List<Case> read(String file) {
		try {
			List<?> cases = (List<?>) Objects.requireNonNull(new Json(Files.readString(FOLDER.resolve(file))).value());
			return cases.stream().map((each) -> new Case(file, object(each))).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, @Nullable Object> object(@Nullable Object value) {
		return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
	}

	/**
	 * One case.
	 *
	 * @param file where it stands
	 * @param fields its JSON
	 */
	public record Case(String file, Map<String, @Nullable Object> fields) {

		/** The exact bytes, as text. */
		public String text() {
			return (String) Objects.requireNonNull(this.fields.get("text"));
		}

		/** What goes in under this name, or null. */
		public @Nullable Object in(String name) {
			return object(this.fields.get("in")).get(name);
		}

		/** The same, for a text that must be there. */
		public String string(String name) {
			return (String) Objects.requireNonNull(in(name));
		}

		/** The same, for a number that must be there. */
		public long number(String name) {
			return (Long) Objects.requireNonNull(in(name));
		}

		/** The same, for an object. */
		public Map<String, @Nullable Object> map(String name) {
			return object(in(name));
		}

		@Override
		public String toString() {
			return this.file + ": " + this.fields.get("name");
		}

	}

	/** As much of JSON as fixtures need: no fractions, no errors worth reading. */
	private static final class Json {

		private final String text;

		private int at;

		Json(String text) {
			this.text = text;
		}

		@Nullable Object value() {
			switch (peek()) {
				case '{' -> {
					Map<String, @Nullable Object> object = new LinkedHashMap<>();
					for (char c = open(); c != '}'; c = next()) {
						String name = string();
						take();
						object.put(name, value());
					}
					take();
					return object;
				}
				case '[' -> {
					List<@Nullable Object> list = new ArrayList<>();
					for (char c = open(); c != ']'; c = next()) {
						list.add(value());
					}
					take();
					return list;
				}
				case '"' -> {
					return string();
				}
				default -> {
					return word();
				}
			}
		}

		private @Nullable Object word() {
			int start = this.at;
			while (Character.isLetterOrDigit(this.text.charAt(this.at)) || this.text.charAt(this.at) == '-') {
				this.at++;
			}
			String word = this.text.substring(start, this.at);
			return switch (word) {
				case "true" -> true;
				case "false" -> false;
				case "null" -> null;
				default -> Long.valueOf(word);
			};
		}

		private String string() {
			peek();
			StringBuilder string = new StringBuilder();
			for (char c = this.text.charAt(++this.at); c != '"'; c = this.text.charAt(++this.at)) {
				string.append((c == '\\') ? escape() : c);
			}
			this.at++;
			return string.toString();
		}

		private char escape() {
			char c = this.text.charAt(++this.at);
			switch (c) {
				case 'n' -> {
					return '\n';
				}
				case 'r' -> {
					return '\r';
				}
				case 'u' -> {
					this.at += 4;
					return (char) Integer.parseInt(this.text, this.at - 3, this.at + 1, 16);
				}
				default -> {
					return c;
				}
			}
		}

		/** Steps into a container and looks at what is first in it. */
		private char open() {
			take();
			return peek();
		}

		/** Steps over a comma, if there is one, and looks at what follows. */
		private char next() {
			if (peek() == ',') {
				take();
			}
			return peek();
		}

		private void take() {
			peek();
			this.at++;
		}

		private char peek() {
			while (Character.isWhitespace(this.text.charAt(this.at))) {
				this.at++;
			}
			return this.text.charAt(this.at);
		}

	}

}
