package dev.realtime.spring.publisher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Text with placeholders, such as <code>room.{roomId}</code> or
 * <code>order.{payload.customer.id}</code>.
 *
 * @param text as it was written
 * @param parts literal text and placeholders, in order
 */
record Template(String text, List<Part> parts) {

	/** The root of placeholders that read the payload. */
	static final String PAYLOAD = "payload";

	private static final String NAME = "[\\p{L}_$][\\p{L}\\p{N}_$]*";

	private static final Pattern PLACEHOLDER = Pattern.compile("\\{(" + NAME + ")((?:\\." + NAME + ")*)}");

	Template {
		parts = List.copyOf(parts);
	}

	/**
	 * Takes the text apart.
	 * @throws IllegalArgumentException when a brace does not belong to a placeholder
	 */
	static Template parse(String text) {
		List<Part> parts = new ArrayList<>();
		Matcher matcher = PLACEHOLDER.matcher(text);
		int end = 0;
		while (matcher.find()) {
			addLiteral(parts, text.substring(end, matcher.start()));
			String path = matcher.group(2);
			parts.add(new Placeholder(matcher.group(1),
					path.isEmpty() ? List.of() : List.of(path.substring(1).split("\\.", -1))));
			end = matcher.end();
		}
		addLiteral(parts, text.substring(end));
		return new Template(text, parts);
	}

	/** The placeholders, in order. */
	List<Placeholder> placeholders() {
		return this.parts.stream().filter(Placeholder.class::isInstance).map(Placeholder.class::cast).toList();
	}

	/** The text with every placeholder replaced. */
	String fill(Function<Placeholder, String> values) {
		StringBuilder filled = new StringBuilder(this.text.length() + 16);
		for (Part part : this.parts) {
			if (part instanceof Literal literal) {
				filled.append(literal.text());
			}
			else if (part instanceof Placeholder placeholder) {
				filled.append(values.apply(placeholder));
			}
		}
		return filled.toString();
	}

	private static void addLiteral(List<Part> parts, String text) {
		if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
			throw new IllegalArgumentException(
					"\"" + text + "\" is neither legal text nor a placeholder such as {roomId} or {payload.id}");
		}
		if (!text.isEmpty()) {
			parts.add(new Literal(text));
		}
	}

	/** One piece. */
	sealed interface Part {

	}

	/** Text that stands for itself. */
	record Literal(String text) implements Part {
	}

	/**
	 * What is filled in.
	 *
	 * @param root a parameter's name, or {@value #PAYLOAD}
	 * @param path the properties to follow from there
	 */
	record Placeholder(String root, List<String> path) implements Part {

		boolean isPayload() {
			return this.root.equals(PAYLOAD);
		}

		/** The properties to follow from an object that has the root as a property. */
		List<String> properties() {
			return Stream.concat(Stream.of(this.root), this.path.stream()).toList();
		}

		@Override
		public String toString() {
			return '{' + this.root + (this.path.isEmpty() ? "" : '.' + String.join(".", this.path)) + '}';
		}

	}

}
