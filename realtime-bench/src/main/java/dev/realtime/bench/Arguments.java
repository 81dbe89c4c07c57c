package dev.realtime.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command line: words, then {@code --name=value}. Whoever reads it names what it knows.
 */
public final class Arguments {

	private final List<String> words = new ArrayList<>();

	private final Map<String, String> options = new LinkedHashMap<>();

	/**
	 * Parses.
	 * @throws IllegalArgumentException when an option has no value, saying which
	 */
	public static Arguments parse(List<String> all) {
		Arguments arguments = new Arguments();
		for (String each : all) {
			if (!each.startsWith("--")) {
				arguments.words.add(each);
				continue;
			}
			int equals = each.indexOf('=');
			if (equals < 0 && !each.equals("--quick") && !each.equals("--help")) {
				throw new IllegalArgumentException("Write " + each + "=VALUE");
			}
			arguments.options.put(each.substring(2, (equals < 0) ? each.length() : equals),
					(equals < 0) ? "true" : each.substring(equals + 1));
		}
		return arguments;
	}

	/** What stands before and between the options. */
	public List<String> words() {
		return List.copyOf(this.words);
	}

	public boolean has(String name) {
		return this.options.containsKey(name);
	}

	public String get(String name, String otherwise) {
		return this.options.getOrDefault(name, otherwise);
	}

	/**
	 * A number.
	 * @throws IllegalArgumentException when it is none, saying which option
	 */
	public int number(String name, int otherwise) {
		String value = this.options.get(name);
		try {
			return (value != null) ? Integer.parseInt(value) : otherwise;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--" + name + " must be a number, not " + value, ex);
		}
	}

	/** One of the allowed values. */
	public String oneOf(String name, String otherwise, List<String> allowed) {
		String value = get(name, otherwise);
		if (!allowed.contains(value)) {
			throw new IllegalArgumentException("--" + name + " must be one of " + allowed + ", not " + value);
		}
		return value;
	}

	/** Options that nobody knows, as they were written. */
	public List<String> except(Set<String> known) {
		return this.options.entrySet()
			.stream()
			.filter((option) -> !known.contains(option.getKey()))
			.map((option) -> "--" + option.getKey() + "=" + option.getValue())
			.toList();
	}

}
