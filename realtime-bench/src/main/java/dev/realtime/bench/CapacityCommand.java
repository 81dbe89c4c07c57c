package dev.realtime.bench;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.realtime.bench.capacity.Calculator;
import dev.realtime.bench.capacity.CostFile;
import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.FleetOptions;
import dev.realtime.bench.capacity.PlanReport;
import dev.realtime.bench.micro.RedisCosts;
import dev.realtime.bench.simulation.SimulationReport;
import dev.realtime.bench.simulation.Story;
import dev.realtime.bench.simulation.Verification;

/**
 * The command {@code capacity}, alone or with {@code measure}, {@code simulate} or
 * {@code verify}.
 */
final class CapacityCommand {

	private CapacityCommand() {
	}

	/** Prints the {@link #text(Arguments) text}. */
	static void run(Arguments arguments) {
		System.out.print(text(arguments));
	}

	/**
	 * Calculates, measures, simulates or compares.
	 * @throws IllegalArgumentException if the command line is wrong, saying how
	 */
	static String text(Arguments arguments) {
		String words = String.join(" ", arguments.words().subList(1, arguments.words().size()));
		return switch (words) {
			case "" -> {
				refuseOthers(arguments, FleetOptions.KNOWN);
				yield PlanReport.of(calculator(arguments).plan());
			}
			case "simulate" -> {
				Set<String> known = new HashSet<>(FleetOptions.KNOWN);
				known.addAll(Story.KNOWN);
				refuseOthers(arguments, known);
				yield SimulationReport.of(calculator(arguments).plan(), arguments);
			}
			case "verify" -> Verification.run(arguments);
			case "measure" -> {
				refuseOthers(arguments, Set.of("out"));
				Path file = Path.of(arguments.get("out", "results"), CostFile.MEASURED);
				yield CostFile.write(file, "redis", RedisCosts.measure(), "capacity measure");
			}
			default -> throw new IllegalArgumentException(
					"Behind capacity comes measure, simulate, verify or an option, not \"" + words + '"');
		};
	}

	private static Calculator calculator(Arguments arguments) {
		Costs costs = CostFile.read(arguments.get("costs", "shipped"));
		return new Calculator(FleetOptions.fleet(arguments), costs);
	}

	private static void refuseOthers(Arguments arguments, Set<String> known) {
		List<String> unknown = arguments.except(known);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + unknown + "; there are "
					+ known.stream().sorted().map((name) -> "--" + name).toList());
		}
	}

}
