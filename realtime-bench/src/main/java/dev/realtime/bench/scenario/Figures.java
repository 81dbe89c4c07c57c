package dev.realtime.bench.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one measurement found: figures by name, with their units in the name.
 *
 * @param server what was measured
 * @param variant such as the number of subscribers
 */
public record Figures(String server, String variant, Map<String, Double> values) {

	public Figures {
		values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	/** Of several runs of the same, each figure's median. */
	public static Figures median(List<Figures> runs) {
		Map<String, Double> medians = new LinkedHashMap<>();
		runs.get(0).values().keySet().forEach((name) -> {
			List<Double> sorted = runs.stream().map((run) -> run.values().getOrDefault(name, 0.0)).sorted().toList();
			medians.put(name, sorted.get(sorted.size() / 2));
		});
		return new Figures(runs.get(0).server(), runs.get(0).variant(), medians);
	}

}
