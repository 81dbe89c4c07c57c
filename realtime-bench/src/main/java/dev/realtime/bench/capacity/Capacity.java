package dev.realtime.bench.capacity;

import java.util.List;

import dev.realtime.bench.Arguments;

/** The command {@code capacity}. */
public final class Capacity {

	private Capacity() {
	}

	/**
	 * Calculates, and prints.
	 * @throws IllegalArgumentException if the command line is wrong, saying how
	 */
	public static void run(Arguments arguments) {
		List<String> words = arguments.words().subList(1, arguments.words().size());
		if (!words.isEmpty()) {
			throw new IllegalArgumentException("Unknown word " + words + " behind capacity");
		}
		List<String> unknown = arguments.except(FleetOptions.KNOWN);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are "
					+ FleetOptions.KNOWN.stream().sorted().map((name) -> "--" + name).toList());
		}
		Costs costs = CostFile.read(arguments.get("costs", "shipped"));
		System.out.print(PlanReport.of(new Calculator(FleetOptions.fleet(arguments), costs).plan()));
	}

}
