package dev.realtime.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.spring.DocumentedMeters.Meter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The meters that the published modules register, as their sources say. A meter has its
 * name as a literal in the statement that makes it, and in it, or in a helper of the same
 * file, its kind and its tags.
 */
final class SourceMeters {

	/** Registered for a moment, and removed; see {@link EarlyExemplars}. */
	private static final String TEMPORARY = "realtime.start";

	private static final Pattern NAME = Pattern.compile("\"(realtime\\.[a-z.]+)\"");

	private static final Pattern CONSTANT = Pattern.compile("static final String (\\w+) = \"([^\"]*)\";");

	private static final Pattern MAKER = Pattern.compile("\\b(?:(Gauge|TimeGauge)\\s*\\.builder|"
			+ "(FunctionCounter|Counter)\\s*\\.builder|(Timer|DistributionSummary)\\s*\\.builder|"
			+ "(gauge)|(counter)|new (Histogram|TaggedHistogram|RuleTimers))\\(");

	private static final Pattern TAG = Pattern.compile("(?:\\.tag|Tag\\.of)\\(\\s*(\\w+|\"[^\"]+\")");

	private static final Pattern KEY = Pattern.compile("\",\\s*(\\w+|\"[a-z]+\"),[^\"]*$");

	private static final Pattern UNIT = Pattern.compile("\\.baseUnit\\(\"(\\w+)\"");

	/** What registers a meter with a name that is no literal of the same statement. */
	private static final Pattern OTHER_WAYS = Pattern
		.compile("\\b(?:Gauge|TimeGauge|MultiGauge|FunctionCounter|Counter|FunctionTimer|Timer|LongTaskTimer|"
				+ "DistributionSummary)\\s*\\.builder\\(\\s*(?!\")[^,)]*|registry\\s*\\.(?:counter|gauge|timer|summary|more)\\(");

	private SourceMeters() {
	}

	/** All meters by name. */
	static Map<String, Meter> read() {
		Map<String, Meter> meters = new TreeMap<>();
		for (String source : sources()) {
			NAME.matcher(source).results().filter((name) -> !name.group(1).equals(TEMPORARY)).forEach((name) -> {
				Meter meter = meter(source, name);
				Meter other = meters.putIfAbsent(name.group(1), meter);
				assertThat(other).as("another meter with the name %s", name.group(1)).isIn(null, meter);
			});
		}
		return meters;
	}

	/** Code that registers meters whose names cannot be read here. */
	static List<String> unnamed() {
		return sources().stream()
			.flatMap((source) -> OTHER_WAYS.matcher(source).results().map(MatchResult::group))
			.map((way) -> way.replaceAll("\\s", ""))
			.toList();
	}

	private static List<String> sources() {
		return Stream.of("realtime-core", "realtime-spring-boot-starter", "realtime-test")
			.map((module) -> Path.of("..", module, "src", "main", "java"))
			.flatMap(SourceMeters::files)
			.filter((source) -> source.contains("import io.micrometer.core.instrument"))
			.map((source) -> source.replaceAll("@\\w+\\([^)]*\\)", ""))
			.toList();
	}

	private static Stream<String> files(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(".java")).map(SourceMeters::text).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String text(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Meter meter(String source, MatchResult name) {
		int from = Math.max(source.lastIndexOf(';', name.start()),
				Math.max(source.lastIndexOf('{', name.start()), source.lastIndexOf('}', name.start())));
		String before = source.substring(from + 1, name.start());
		String statement = source.substring(name.start(), source.indexOf(';', name.end()));
		MatchResult maker = MAKER.matcher(before).results().reduce((first, last) -> last).orElse(null);
		assertThat(maker).as("what makes %s in: %s", name.group(1), before).isNotNull();
		Map<String, String> constants = CONSTANT.matcher(source)
			.results()
			.collect(Collectors.toMap((constant) -> constant.group(1), (constant) -> constant.group(2)));
		Set<String> tags = new TreeSet<>();
		TAG.matcher(statement).results().forEach((tag) -> tags.add(resolved(tag.group(1), constants)));
		String unit = UNIT.matcher(statement).results().map((found) -> found.group(1)).findFirst().orElse("");
		return new Meter(kind(maker, statement, constants, tags), unit, tags);
	}

	private static String kind(MatchResult maker, String statement, Map<String, String> constants, Set<String> tags) {
		if (maker.group(1) != null || maker.group(4) != null) {
			return "gauge";
		}
		if (maker.group(2) != null || maker.group(5) != null) {
			return "counter";
		}
		if (maker.group(3) != null) {
			return statement.contains(".serviceLevelObjectives(") ? "histogram" : "timer";
		}
		switch (maker.group(6)) {
			case "RuleTimers" -> tags.add("rule");
			case "TaggedHistogram" ->
				KEY.matcher(statement).results().forEach((key) -> tags.add(resolved(key.group(1), constants)));
			default -> {
			}
		}
		return "histogram";
	}

	private static String resolved(String word, Map<String, String> constants) {
		return word.startsWith("\"") ? word.substring(1, word.length() - 1) : constants.getOrDefault(word, word);
	}

}
