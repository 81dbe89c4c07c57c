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

	private final Map<String, List<String>> options = new LinkedHashMap<>();

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
			arguments.options
				.computeIfAbsent(each.substring(2, (equals < 0) ? each.length() : equals), (name) -> new ArrayList<>())
				.add((equals < 0) ? "true" : each.substring(equals + 1));
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

	/** Its value; the last one if it is given several times. */
	public String get(String name, String otherwise) {
		List<String> values = all(name);
		return values.isEmpty() ? otherwise : values.get(values.size() - 1);
	}

	/** All values of an option that may be given several times, in their order. */
	public List<String> all(String name) {
		return List.copyOf(this.options.getOrDefault(name, List.of()));
	}

	/**
	 * A number.
	 * @throws IllegalArgumentException when it is none, saying which option
	 */
	public int number(String name, int otherwise) {
		String value = get(name, "");
		try {
			return has(name) ? Integer.parseInt(value) : otherwise;
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
			.flatMap((option) -> option.getValue().stream().map((value) -> "--" + option.getKey() + "=" + value))
			.toList();
	}

}
