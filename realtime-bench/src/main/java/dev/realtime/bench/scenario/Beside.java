package dev.realtime.bench.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.realtime.bench.Arguments;

/**
 * What {@code turns} compares a server with: the same server with other arguments, from
 * another build, or both.
 *
 * @param jar the other build's {@code realtime-bench.jar}; empty for this one
 * @param arguments what its command {@code server} is given in addition
 * @param turns of each server in a run
 */
record Beside(String jar, List<String> arguments, int turns) {

	/**
	 * With tracing, Prometheus, the inspector, topic events and the AsyncAPI document.
	 */
	private static final String OPERATED = "--operated=true";

	static Beside of(Arguments arguments) {
		String jar = arguments.get("beside-jar", "");
		if (arguments.has("beside-jar") && !Files.isRegularFile(Path.of(jar))) {
			throw new IllegalArgumentException("--beside-jar must be a file, not \"" + jar + "\"");
		}
		int turns = arguments.number("turns", 12);
		if (turns < 1) {
			throw new IllegalArgumentException("--turns must be at least 1, not " + turns);
		}
		return new Beside(jar,
				Stream.of(arguments.get("beside", jar.isEmpty() ? OPERATED : "").split(" ", -1))
					.filter((each) -> !each.isEmpty())
					.toList(),
				turns);
	}

}
