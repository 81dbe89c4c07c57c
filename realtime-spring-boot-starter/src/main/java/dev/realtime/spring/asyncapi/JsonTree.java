package dev.realtime.spring.asyncapi;

import java.util.Map;

import dev.realtime.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, strings, numbers and booleans as JSON, which applications may have
 * changed. Refuses other values, and more than a document may have.
 */
final class JsonTree {

	private static final int MAX_DEPTH = 200;

	private final Json json = new Json(4_096);

	private final long maxLength;

	private JsonTree(long maxLength) {
		this.maxLength = maxLength;
	}

	/**
	 * Writes an object.
	 * @param maxLength most characters
	 * @throws IllegalArgumentException if a value cannot be written, or there are too
	 * many
	 */
	static String write(Map<?, ?> object, long maxLength) {
		JsonTree tree = new JsonTree(maxLength);
		tree.value(object, "#", 0);
		return tree.json.toString();
	}

	private void value(@Nullable Object value, String path, int depth) {
		if (depth > MAX_DEPTH) {
			throw new IllegalArgumentException("The document is nested too deeply at " + path);
		}
		if (value instanceof Map<?, ?> map) {
			this.json.open('{');
			map.forEach((name, each) -> {
				this.json.name(String.valueOf(name));
				value(each, path + '/' + name, depth + 1);
			});
			this.json.close('}');
		}
		else if (value instanceof Iterable<?> all) {
			this.json.open('[');
			int i = 0;
			for (Object each : all) {
				value(each, path + '/' + i++, depth + 1);
			}
			this.json.close(']');
		}
		else {
			scalar(value, path);
		}
		if (this.json.length() > this.maxLength) {
			throw new IllegalArgumentException(
					"The document is larger than realtime.asyncapi.max-size; raise it, or describe less");
		}
	}

	private void scalar(@Nullable Object value, String path) {
		if (value instanceof CharSequence text) {
			this.json.value(text.toString());
		}
		else if (value instanceof Boolean truth) {
			this.json.value(truth);
		}
		else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
			this.json.raw(number.toString());
		}
		else if (value == null) {
			this.json.raw("null");
		}
		else {
			throw new IllegalArgumentException("The document has a value of " + value.getClass().getName() + " at "
					+ path + "; use maps, lists, strings, finite numbers and booleans");
		}
	}

}
