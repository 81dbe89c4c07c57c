package dev.realtime.bench.redis;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How often a Redis has carried out each command since it was started, those inside
 * scripts included.
 *
 * @param calls by command
 */
public record CommandCounts(Map<String, Long> calls) {

	private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

	public CommandCounts {
		calls = Map.copyOf(calls);
	}

	/** Reads the answer to {@code INFO commandstats}. */
	static CommandCounts of(String info) {
		Map<String, Long> calls = new TreeMap<>();
		Matcher line = LINE.matcher(info);
		while (line.find()) {
			calls.put(line.group(1), Long.parseLong(line.group(2)));
		}
		return new CommandCounts(calls);
	}

	/** What was carried out since that was read. */
	public CommandCounts since(CommandCounts before) {
		Map<String, Long> more = new TreeMap<>();
		this.calls.forEach((command, count) -> {
			long difference = count - before.of(command, 0);
			if (difference > 0) {
				more.put(command, difference);
			}
		});
		return new CommandCounts(more);
	}

	/** Of all commands together. */
	public long total() {
		return this.calls.values().stream().mapToLong(Long::longValue).sum();
	}

	/** Of all commands whose names begin so. */
	public long startingWith(String prefix) {
		return this.calls.entrySet()
			.stream()
			.filter((each) -> each.getKey().startsWith(prefix))
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	/** The commands with their counts, the most frequent one first. */
	@Override
	public String toString() {
		return this.calls.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
			.map((each) -> each.getKey() + ' ' + each.getValue())
			.collect(Collectors.joining(", "));
	}

	private long of(String command, long otherwise) {
		return this.calls.getOrDefault(command, otherwise);
	}

}
