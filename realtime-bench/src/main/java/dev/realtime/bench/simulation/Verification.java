package dev.realtime.bench.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.report.Table;
import dev.realtime.bench.scenario.Figures;
import dev.realtime.bench.scenario.OpenLoop;
import dev.realtime.bench.scenario.Settings;
import dev.realtime.bench.scenario.Steady;

/**
 * Real runs beside their simulation. Those of one node at moderate rates calibrate; the
 * others, and all of two nodes, are predicted.
 */
public final class Verification {

	/** Nodes, subscribers, and rates. */
	private static final List<List<Integer>> RUNS = List.of(List.of(1, 1_000, 20, 60, 100, 150, 300, 600),
			List.of(1, 5_000, 4, 12, 20, 30, 60), List.of(2, 1_000, 20, 60, 100, 150, 300, 600));

	/**
	 * The first rates of one node: a message's round is over before the next one comes.
	 */
	private static final int MOST_MODERATE_DELIVERIES = 100_000;

	/** The rate at which the compiler settles. */
	private static final int WARMING_UP = 1;

	private static final String CALIBRATES = "calibrates";

	private static final String PREDICTED = "predicted";

	private Verification() {
	}

	/**
	 * Runs and simulates them, or simulates recorded ones, and returns a table of both.
	 * @throws IllegalArgumentException if an option is wrong, saying how
	 */
	public static String run(Arguments arguments) {
		if (arguments.has("recorded")) {
			List<String> others = arguments.except(Set.of("recorded"));
			if (!others.isEmpty()) {
				throw new IllegalArgumentException("--recorded stands alone; take out " + others);
			}
			return table(RealRuns.read(arguments.get("recorded", "")));
		}
		RealRuns real = measure(Settings.of(arguments));
		real.write(Path.of(arguments.get("out", "results"), "capacity-runs.json"));
		return table(real);
	}

	private static String table(RealRuns real) {
		return Table.of("real and simulated", "", compare(real));
	}

	private static RealRuns measure(Settings settings) {
		String server = settings.servers().get(0);
		List<Steady> measured = new ArrayList<>();
		for (int i = 0; i < settings.runs(); i++) {
			for (List<Integer> run : RUNS) {
				List<Integer> rates = run.subList(2, run.size());
				try (OpenLoop loop = OpenLoop.start(run.get(0), server, run.get(1), settings)) {
					loop.warmUp(rates.get(WARMING_UP));
					rates.forEach((rate) -> measured.add(loop.measure(rate)));
				}
			}
		}
		return new RealRuns(server + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
				Runtime.getRuntime().availableProcessors(), measured);
	}

	private static List<Figures> compare(RealRuns real) {
		List<Steady> medians = real.medians();
		List<Steady> moderate = medians.stream().filter(Verification::calibrates).toList();
		if (moderate.isEmpty()) {
			throw new IllegalArgumentException("The recording has no run of one node that calibrates the simulation");
		}
		Calibration calibration = Calibration.of(real.cores(), moderate);
		return medians.stream()
			.map((run) -> new Figures(calibrates(run) ? CALIBRATES : PREDICTED, variant(run),
					compare(run, calibration)))
			.toList();
	}

	/** The figures of the predicted runs, by their names in the table. */
	static List<Map<String, Double>> predictions(RealRuns real) {
		return compare(real).stream().filter((row) -> row.server().equals(PREDICTED)).map(Figures::values).toList();
	}

	private static boolean calibrates(Steady run) {
		return run.nodes() == 1 && run.deliveries() <= MOST_MODERATE_DELIVERIES;
	}

	private static String variant(Steady run) {
		return String.format(Locale.ROOT, "%s, %d/s to %,d", (run.nodes() == 1) ? "one node" : "two nodes", run.rate(),
				run.subscribers());
	}

	/**
	 * The real figures, the simulated ones, and how many times the real ones these are.
	 */
	static Map<String, Double> compare(Steady real, Calibration calibration) {
		RunSimulation simulated = calibration.simulate(real);
		Map<String, Double> values = new LinkedHashMap<>();
		put(values, "p50", " ms", real.p50Millis(), simulated.latencies().percentile(50));
		put(values, "p99", " ms", real.p99Millis(), simulated.latencies().percentile(99));
		put(values, "cores", "", real.readerCores(), simulated.readerCores());
		return values;
	}

	private static void put(Map<String, Double> values, String what, String unit, double real, double simulated) {
		values.put(what + unit, real);
		values.put("simulated " + what, simulated);
		values.put(what + " ratio", simulated / real);
	}

}
