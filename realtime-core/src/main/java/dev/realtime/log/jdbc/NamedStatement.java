package dev.realtime.log.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A statement whose parameters have names, each of which may stand in it several times.
 *
 * @param sql the statement with a question mark for each parameter
 * @param names the parameters' names, in the order of the question marks
 */
record NamedStatement(String sql, List<String> names) {

	private static final Pattern NAME = Pattern.compile(":([a-z_]+)");

	/**
	 * Reads a statement.
	 * @param text with {@code :name} for each parameter, and no colon otherwise
	 */
	static NamedStatement of(String text) {
		List<String> names = new ArrayList<>();
		Matcher matcher = NAME.matcher(text);
		String sql = matcher.replaceAll((found) -> {
			names.add(found.group(1));
			return "?";
		});
		return new NamedStatement(sql, List.copyOf(names));
	}

	/** Returns the values in the order of the question marks. */
	@Nullable Object[] parameters(Map<String, @Nullable Object> values) {
		@Nullable Object[] parameters = new @Nullable Object[this.names.size()];
		for (int i = 0; i < parameters.length; i++) {
			parameters[i] = values.get(this.names.get(i));
		}
		return parameters;
	}

}
