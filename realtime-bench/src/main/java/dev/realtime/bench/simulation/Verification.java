package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.report.Table;
import dev.realtime.bench.scenario.Figures;
import dev.realtime.bench.scenario.OpenLoop;
import dev.realtime.bench.scenario.Settings;
import dev.realtime.bench.scenario.Steady;

/**
 * Real runs beside their simulation. Two rates of each number of subscribers calibrate,
 * the others are predicted.
 */
public final class Verification {

	/** Nodes, subscribers, and rates. */
	private static final List<List<Integer>> RUNS = List.of(List.of(1, 1_000, 20, 60, 100, 150, 300),
			List.of(1, 5_000, 4, 12, 20, 30, 60), List.of(2, 1_000, 20, 60, 100, 150, 300));

	/** Which of the rates calibrate. */
	private static final int MODERATE = 1;

	private static final int HIGH = 3;

	private Verification() {
	}

	/** Runs and simulates them, and returns a table of both with their ratios. */
	public static String run(Arguments arguments) {
		Settings settings = Settings.of(arguments);
		String server = settings.servers().get(0);
		List<Figures> rows = new ArrayList<>();
		for (List<Integer> run : RUNS) {
			List<Steady> real = measure(run, server, settings);
			Calibration calibration = Calibration.of(real.get(MODERATE), real.get(HIGH));
			for (int i = 0; i < real.size(); i++) {
				Steady each = real.get(i);
				rows.add(new Figures(server, variant(each, i == MODERATE || i == HIGH), compare(each, calibration)));
			}
		}
		return Table.of("simulation beside real runs", rows);
	}

	/**
	 * Each rate's medians of as many runs as are asked for, each with servers of its own.
	 */
	private static List<Steady> measure(List<Integer> run, String server, Settings settings) {
		List<Integer> rates = run.subList(2, run.size());
		List<List<Steady>> measured = new ArrayList<>();
		rates.forEach((rate) -> measured.add(new ArrayList<>()));
		for (int i = 0; i < settings.runs(); i++) {
			try (OpenLoop loop = OpenLoop.start(run.get(0), server, run.get(1), settings)) {
				loop.warmUp(rates.get(MODERATE));
				for (int rate = 0; rate < rates.size(); rate++) {
					Steady steady = loop.measure(rates.get(rate));
					System.err.println(steady);
					measured.get(rate).add(steady);
				}
			}
		}
		return measured.stream().map(Steady::median).toList();
	}

	private static String variant(Steady run, boolean calibrates) {
		return String.format(Locale.ROOT, "%s, %d/s to %,d%s", (run.nodes() == 1) ? "one node" : "two nodes",
				run.rate(), run.subscribers(), calibrates ? " (calibrates)" : "");
	}

	/**
	 * The real figures, the simulated ones, and how many times the real ones these are.
	 */
	static Map<String, Double> compare(Steady real, Calibration calibration) {
		RunSimulation simulated = calibration.simulate(real);
		Map<String, Double> values = new LinkedHashMap<>();
		put(values, "p50 ms", real.p50Millis(), simulated.latencies().percentile(50));
		put(values, "p99 ms", real.p99Millis(), simulated.latencies().percentile(99));
		put(values, "cores", real.readerCores(), simulated.readerCores());
		put(values, "client cores", real.loadCores(), simulated.loadCores());
		return values;
	}

	private static void put(Map<String, Double> values, String what, double real, double simulated) {
		values.put(what, real);
		values.put("simulated " + what, simulated);
		values.put("ratio of " + what, simulated / real);
	}

}
