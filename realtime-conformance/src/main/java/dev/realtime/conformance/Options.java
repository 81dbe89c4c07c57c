package dev.realtime.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.conformance.driver.CommandLine;
import dev.realtime.conformance.scene.Case;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param command starts a driver
 * @param cases ids of cases, or of groups; empty for all
 * @param patience how long to wait for each thing that the client should do
 * @param parallel how many cases run at once
 * @param json where the result is written as JSON; null for nowhere
 * @param list whether the cases are only listed
 */
record Options(List<String> command, List<String> cases, Duration patience, int parallel, @Nullable Path json,
		boolean list) {

	static final String USAGE = """
			java -jar realtime-conformance.jar --client-command='node my-driver.mjs {url}'
			        [--case=recovery,gaps/announced] [--timeout=10s] [--parallel=4] [--json=FILE]
			java -jar realtime-conformance.jar --list

			Runs a client against a node of this process, and says for each case whether the client does what the protocol
			asks. The command starts a driver, which reads commands as JSON lines and writes events as JSON lines: see
			realtime-conformance/README.md. {url} in it stands for the address to connect to.
			Exit code 0: no required case failed. 1: some failed. 2: the command line is wrong, or the result could not be
			written.
			""";

	private static final int MOST_PARALLEL = 64;

	private static final List<String> NAMES = List.of("client-command", "case", "timeout", "parallel", "json", "list");

	/**
	 * Parses.
	 * @throws IllegalArgumentException saying what is wrong
	 */
	static Options parse(List<String> args, List<Case> all) {
		Map<String, String> given = new LinkedHashMap<>();
		for (String each : args) {
			int equals = each.indexOf('=');
			String name = each.startsWith("--") ? each.substring(2, (equals < 0) ? each.length() : equals) : "";
			if (!NAMES.contains(name)) {
				throw new IllegalArgumentException(
						"Unknown option " + each + "; there are --" + String.join(", --", NAMES));
			}
			if (name.equals("list") != (equals < 0)) {
				throw new IllegalArgumentException(
						name.equals("list") ? "--list has no value" : "Write --" + name + "=VALUE");
			}
			given.merge(name, each.substring(equals + 1),
					(first, second) -> name.equals("case") ? first + "," + second : second);
		}
		boolean list = given.containsKey("list");
		String command = given.get("client-command");
		if (command == null && !list) {
			throw new IllegalArgumentException("--client-command is missing");
		}
		return new Options((command != null) ? CommandLine.split(command) : List.of(),
				cases(given.getOrDefault("case", ""), all), duration(given.getOrDefault("timeout", "10s")),
				number(given.getOrDefault("parallel", "4")), path(given.get("json")), list);
	}

	/** Whether the case is chosen. */
	boolean chooses(Case each) {
		return this.cases.isEmpty() || this.cases.contains(each.id()) || this.cases.contains(each.group());
	}

	private static List<String> cases(String text, List<Case> all) {
		List<String> chosen = new ArrayList<>();
		for (String each : text.split(",", -1)) {
			if (each.isBlank()) {
				continue;
			}
			if (all.stream().noneMatch((one) -> one.id().equals(each) || one.group().equals(each))) {
				throw new IllegalArgumentException("There is no case and no group " + each + "; see --list");
			}
			chosen.add(each);
		}
		return List.copyOf(chosen);
	}

	private static Duration duration(String text) {
		if (!text.matches("\\d{1,6}(ms|s)")) {
			throw new IllegalArgumentException("--timeout is written like 10s or 500ms, not " + text);
		}
		long value = Long.parseLong(text.replaceAll("[ms]", ""));
		Duration duration = text.endsWith("ms") ? Duration.ofMillis(value) : Duration.ofSeconds(value);
		if (duration.isZero()) {
			throw new IllegalArgumentException("--timeout is longer than 0");
		}
		return duration;
	}

	private static int number(String text) {
		int value = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
		if (value < 1 || value > MOST_PARALLEL) {
			throw new IllegalArgumentException("--parallel is a number from 1 to " + MOST_PARALLEL + ", not " + text);
		}
		return value;
	}

	private static @Nullable Path path(@Nullable String text) {
		return (text != null) ? Path.of(text) : null;
	}

}
