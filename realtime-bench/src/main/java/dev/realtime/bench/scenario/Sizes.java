package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import dev.realtime.bench.Arguments;

/**
 * Sizes that the command line asks for instead of a scenario's own.
 *
 * @param subscribers the numbers of subscribers of {@code fan-out}; empty for its own
 * @param clients clients of {@code jitter}, {@code deploy} and {@code two-nodes}; 0 for
 * their own number
 * @param topics topics that they are spread over; 0 for their own number
 * @param rate messages a second of {@code two-nodes}; 0 for its own rate
 * @param minutes how long {@code jitter} goes on; 0 for its own time
 */
public record Sizes(List<Integer> subscribers, int clients, int topics, int rate, double minutes) {

	private static final int MOST_MINUTES = 1_440;

	static Sizes of(Arguments arguments) {
		return new Sizes(numbers(arguments.get("subscribers", "")), positive(arguments, "clients"),
				positive(arguments, "topics"), positive(arguments, "rate"), minutes(arguments));
	}

	int clients(int otherwise) {
		return (this.clients > 0) ? this.clients : otherwise;
	}

	int topics(int otherwise) {
		return (this.topics > 0) ? this.topics : otherwise;
	}

	int rate(int otherwise) {
		return (this.rate > 0) ? this.rate : otherwise;
	}

	Duration time(Duration otherwise) {
		return (this.minutes > 0) ? Duration.ofMillis(Math.round(this.minutes * 60_000)) : otherwise;
	}

	private static double minutes(Arguments arguments) {
		String text = arguments.get("minutes", "");
		if (text.isEmpty()) {
			return 0;
		}
		try {
			double minutes = Double.parseDouble(text);
			if (minutes > 0 && minutes <= MOST_MINUTES) {
				return minutes;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--minutes must be a number such as 30 or 0.5, not " + text, ex);
		}
		throw new IllegalArgumentException("--minutes must be above 0 and at most " + MOST_MINUTES + ", not " + text);
	}

	private static int positive(Arguments arguments, String name) {
		int value = arguments.number(name, 0);
		if (value < 0 || (value == 0 && arguments.has(name))) {
			throw new IllegalArgumentException("--" + name + " must be at least 1, not " + value);
		}
		return value;
	}

	private static List<Integer> numbers(String text) {
		if (text.isEmpty()) {
			return List.of();
		}
		try {
			List<Integer> numbers = Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
			if (numbers.stream().allMatch((each) -> each > 0)) {
				return numbers;
			}
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--subscribers must be numbers such as 1000,5000, not " + text, ex);
		}
		throw new IllegalArgumentException("--subscribers must be above 0, not " + text);
	}

}
