package dev.realtime.bench.durable;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.realtime.bench.Arguments;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import org.jspecify.annotations.Nullable;

/**
 * How the durable broker is measured.
 *
 * @param url the database; null for H2 in a temporary file
 * @param user its user; null when the URL says it, or nobody asks
 * @param password likewise
 * @param runs how often; figures are medians, and one more run before warms up
 * @param seconds length of one measurement
 * @param topics published on in turn, one measurement for each number
 * @param payload bytes of a message
 * @param inFlight publications without a receipt, at most
 * @param rate publications a second; 0 for as many as are stored
 * @param writers threads of the broker, and connections of the inserts that it is
 * compared with
 * @param connections connections of the other inserts
 * @param batch most publications of one transaction
 */
record DurableOptions(@Nullable String url, @Nullable String user, @Nullable String password, int runs, int seconds,
		List<Integer> topics, int payload, int inFlight, int rate, int writers, int connections, int batch) {

	private static final Set<String> KNOWN = Set.of("jdbc", "user", "password", "runs", "seconds", "topics", "payload",
			"in-flight", "rate", "writers", "connections", "batch");

	/**
	 * Reads the command line.
	 * @throws IllegalArgumentException when it is wrong, saying how
	 */
	static DurableOptions of(Arguments arguments) {
		List<String> unknown = arguments.except(KNOWN);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are " + KNOWN);
		}
		return new DurableOptions(text(arguments, "jdbc"), text(arguments, "user"), text(arguments, "password"),
				within(arguments, "runs", 5, 1, 1_000), within(arguments, "seconds", 5, 1, 3_600),
				topics(arguments.get("topics", "1,1000")), within(arguments, "payload", 128, 1, 1 << 20),
				within(arguments, "in-flight", 1_000, 1, 10_000), within(arguments, "rate", 0, 0, 1_000_000),
				within(arguments, "writers", JdbcBrokerOptions.DEFAULT.writers(), 1, 64),
				within(arguments, "connections", 16, 1, 64),
				within(arguments, "batch", JdbcBrokerOptions.DEFAULT.batchSize(), 2, 10_000));
	}

	private static @Nullable String text(Arguments arguments, String name) {
		return arguments.has(name) ? arguments.get(name, "") : null;
	}

	private static List<Integer> topics(String counts) {
		try {
			List<Integer> topics = Stream.of(counts.split(",", -1)).map(Integer::valueOf).toList();
			if (topics.stream().allMatch((count) -> count >= 1 && count <= 100_000)) {
				return topics;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--topics must be numbers with commas between, not " + counts, ex);
		}
		throw new IllegalArgumentException("--topics must be 1 to 100000, not " + counts);
	}

	private static int within(Arguments arguments, String name, int otherwise, int least, int most) {
		int value = arguments.number(name, otherwise);
		if (value < least || value > most) {
			throw new IllegalArgumentException("--" + name + " must be " + least + " to " + most + ", not " + value);
		}
		return value;
	}

}
