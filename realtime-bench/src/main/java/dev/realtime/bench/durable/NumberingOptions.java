package dev.realtime.bench.durable;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.realtime.bench.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * How the two ways to number are compared.
 *
 * @param url the database; null for H2 in a temporary file
 * @param runs how often; figures are medians, and one more run before warms up
 * @param seconds length of one measurement
 * @param publishers how many publish on the topic at the same time, one measurement for
 * each number
 * @param holdMillis how long each transaction stays open after it has published
 */
record NumberingOptions(@Nullable String url, int runs, int seconds, List<Integer> publishers, int holdMillis) {

	private static final Set<String> KNOWN = Set.of("jdbc", "runs", "seconds", "publishers", "hold");

	/** Most publishers: each has a connection of its own. */
	private static final int MOST = 80;

	/**
	 * Reads the command line.
	 * @throws IllegalArgumentException when it is wrong, saying how
	 */
	static NumberingOptions of(Arguments arguments) {
		List<String> unknown = arguments.except(KNOWN);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are " + KNOWN);
		}
		return new NumberingOptions(arguments.has("jdbc") ? arguments.get("jdbc", "") : null,
				within(arguments, "runs", 3, 1, 1_000), within(arguments, "seconds", 3, 1, 3_600),
				Stream.of(arguments.get("publishers", "1,4,16,64").split(",", -1))
					.map(NumberingOptions::publishers)
					.toList(),
				within(arguments, "hold", 0, 0, 10_000));
	}

	private static int publishers(String count) {
		try {
			int publishers = Integer.parseInt(count);
			if (publishers >= 1 && publishers <= MOST) {
				return publishers;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--publishers must be numbers with commas between, not " + count, ex);
		}
		throw new IllegalArgumentException("--publishers must be 1 to " + MOST + ", not " + count);
	}

	private static int within(Arguments arguments, String name, int otherwise, int least, int most) {
		int value = arguments.number(name, otherwise);
		if (value < least || value > most) {
			throw new IllegalArgumentException("--" + name + " must be " + least + " to " + most + ", not " + value);
		}
		return value;
	}

}
