package dev.realtime.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.report.BarChart;
import dev.realtime.bench.report.Json;
import dev.realtime.bench.report.Table;

/** Runs scenarios, prints their tables and writes their files. */
public final class Run {

	private static final List<Scenario> SCENARIOS = List.of(new FanOut(), new Rooms(), new OneToOne(), new Latency(),
			new LatencyTurns(), new IdleMemory(), new JoinStorm(), new RecoveryStorm(), new TwoNodes(),
			new SlowReaders(), new Hostile(), new HotTopic(), new Jitter(), new Deploy(), new Journey(), new Turns(),
			new Limits());

	private Run() {
	}

	/** The names of all scenarios. */
	public static String names() {
		return SCENARIOS.stream().map(Scenario::name).collect(Collectors.joining(", "));
	}

	/** The names of all servers. */
	public static String servers() {
		return String.join(", ", ServerNames.ALL);
	}

	/**
	 * Runs what the command line asks for.
	 * @throws IllegalArgumentException when it is wrong, saying how
	 */
	public static void run(Arguments arguments) {
		List<String> asked = arguments.words().subList(1, arguments.words().size());
		Settings settings = Settings.of(arguments);
		List<Scenario> chosen = SCENARIOS.stream()
			.filter((each) -> asked.contains(each.name()) || asked.contains("all"))
			.toList();
		if (chosen.isEmpty() || asked.stream()
			.anyMatch((name) -> !name.equals("all") && !List.of(names().split(", ", -1)).contains(name))) {
			throw new IllegalArgumentException("Unknown scenario " + asked + "; there are " + names() + ", and all");
		}
		chosen.forEach((scenario) -> run(scenario, settings));
	}

	/**
	 * All variants and servers take turns, so that a machine that slows down slows all of
	 * them down. Each run begins with another server, because the first one meets clients
	 * whose code is not compiled yet.
	 */
	static List<Figures> run(Scenario scenario, Settings settings) {
		List<String> servers = servers(scenario, settings);
		List<String> variants = variants(scenario, settings);
		Map<String, List<Figures>> runs = new LinkedHashMap<>();
		variants
			.forEach((variant) -> servers.forEach((server) -> runs.put(variant + '\n' + server, new ArrayList<>())));
		List<String> turn = new ArrayList<>(servers);
		for (int i = 0; i < settings.runs(); i++) {
			for (String variant : variants) {
				for (Figures each : scenario.measureAll(turn, variant, settings)) {
					runs.computeIfAbsent(variant + '\n' + each.server(), (key) -> new ArrayList<>()).add(each);
				}
			}
			Collections.rotate(turn, -1);
		}
		List<Figures> medians = runs.values()
			.stream()
			.map(Figures::median)
			.filter((each) -> !each.values().isEmpty())
			.toList();
		System.out
			.println(Table.of(scenario.name() + ((settings.scale() == 1) ? "" : " x " + settings.scale()), medians));
		write(scenario, settings, medians);
		return medians;
	}

	/** Those that the scenario measures here; says which are left out, and why. */
	private static List<String> servers(Scenario scenario, Settings settings) {
		List<String> chosen = scenario.servers(settings);
		// A scenario with a server of its own takes no part in the choice.
		settings.servers()
			.stream()
			.filter((server) -> !chosen.contains(server) && settings.servers().containsAll(chosen))
			.forEach((server) -> leftOut(scenario, server, "the scenario asks for what it does not have"));
		return chosen.stream().filter((server) -> {
			String missing = ServerNames.missing(server, settings);
			if (!missing.isEmpty()) {
				leftOut(scenario, server, missing);
			}
			return missing.isEmpty();
		}).toList();
	}

	private static List<String> variants(Scenario scenario, Settings settings) {
		return scenario.variants(settings).stream().filter((variant) -> {
			String missing = scenario.missing(variant, settings);
			if (!missing.isEmpty()) {
				leftOut(scenario, variant, missing);
			}
			return missing.isEmpty();
		}).toList();
	}

	private static void leftOut(Scenario scenario, String server, String why) {
		System.out.println(scenario.name() + ": " + server + " is left out; " + why);
	}

	private static void write(Scenario scenario, Settings settings, List<Figures> figures) {
		try {
			Path folder = Files.createDirectories(Path.of(settings.out()));
			Files.writeString(folder.resolve(scenario.name() + ".json"),
					Json.of(scenario.name(), settings.runs(), figures));
			Files.writeString(folder.resolve(scenario.name() + ".svg"),
					BarChart.of(scenario.name(), scenario.headline(), figures));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
