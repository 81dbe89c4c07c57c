package dev.realtime.bench.simulation;

import java.util.Locale;
import java.util.Map;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.capacity.Calculator;
import dev.realtime.bench.capacity.EngineLoad;
import dev.realtime.bench.capacity.Lines;
import dev.realtime.bench.capacity.Plan;
import dev.realtime.bench.capacity.Quantity;
import dev.realtime.bench.capacity.UnitCost;

/** Simulates a plan and prints what it has found. */
public final class SimulationReport {

	private static final long MOST_STEPS = 500_000_000;

	private static final long MOST_CONNECTIONS = 20_000_000;

	private SimulationReport() {
	}

	/**
	 * Simulates the plan's nodes, or as many as {@code --nodes} says.
	 * @throws IllegalArgumentException if an option is wrong, saying how
	 */
	public static String of(Plan plan, Arguments arguments) {
		int nodes = nodes(plan, arguments);
		Story story = Story.of(arguments, plan.fleet(), plan.costs().value(UnitCost.FRAME_BYTES),
				plan.costs().value(UnitCost.RELAY_BYTES));
		refuseTooMuch(plan, nodes, story);
		EngineLoad engine = EngineLoad.of(plan.fleet(), plan.costs(), nodes);
		Outcome outcome = new FleetSimulation(plan.fleet(), plan.costs(), nodes, engine, story).run();
		return text(plan, nodes, engine, story, outcome);
	}

	private static void refuseTooMuch(Plan plan, int nodes, Story story) {
		int sampled = Math.min(story.sampled(), nodes);
		double steps = story.seconds()
				* (plan.fleet().events() * (1 + sampled) + plan.fleet().deliveries() * sampled / nodes);
		if (steps > MOST_STEPS) {
			throw new IllegalArgumentException(String.format(Locale.ROOT,
					"%,.0f messages and deliveries are more than can be simulated (%,d); lower --seconds or --sample",
					steps, MOST_STEPS));
		}
	}

	private static int nodes(Plan plan, Arguments arguments) {
		if (!arguments.has("nodes")) {
			return plan.nodes();
		}
		long nodes = Quantity.whole("--nodes", arguments.get("nodes", ""));
		if (nodes > Calculator.MOST_NODES || plan.fleet().connections() / nodes > MOST_CONNECTIONS) {
			throw new IllegalArgumentException("--nodes must be at most " + Calculator.MOST_NODES
					+ ", each with at most " + MOST_CONNECTIONS + " connections, not " + nodes);
		}
		return (int) nodes;
	}

	private static String text(Plan plan, int nodes, EngineLoad engine, Story story, Outcome outcome) {
		Lines text = new Lines();
		text.line("%,d nodes (the plan has %,d), %d of them simulated, and %d servers of the engine; seed %d", nodes,
				plan.nodes(), Math.min(nodes, story.sampled()), engine.stores() + engine.relays(), story.seed());
		text.line(
				"%s s: a burst of %.0f times the rate at %s s for %s s, a node lost at %s s; pauses of %.0f ms, %s a second in each node",
				Lines.short4(story.seconds()), plan.fleet().burst(), Lines.short4(story.burstAt()),
				Lines.short4(plan.fleet().burstSeconds()), Lines.short4(story.deathAt()),
				story.stalls().meanNanos() / 1e6, Lines.short4(story.stalls().perSecond()));
		text.line(
				"%,d messages published, %,d deliveries of the simulated nodes, %.2f to a write, %.2f cores of a node",
				outcome.events(), outcome.deliveries(), outcome.messagesPerWrite(), outcome.cores());
		text.line("");
		text.line("%-14s %12s %9s %9s %9s %9s %9s", "ms to socket", "deliveries", "p50", "p90", "p99", "p99.9", "max");
		Latencies whole = new Latencies();
		for (Map.Entry<FleetSimulation.Phase, Latencies> phase : outcome.latencies().entrySet()) {
			whole.add(phase.getValue());
			row(text, phase.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '), phase.getValue());
		}
		row(text, "all", whole);
		text.line("");
		text.line("most waiting: %,d messages from the relay (bound %,d), %,d deliveries in a node, %,d in the engine",
				outcome.mostFromRelay(), story.relayBound(), outcome.mostDeliveries(), outcome.mostInEngine());
		text.line("dropped: %,d messages from the relay, %,d deliveries at full queues", outcome.droppedFromRelay(),
				outcome.droppedDeliveries());
		text.line("%,d clients of the lost node came to the simulated ones; %s", outcome.joined(),
				Double.isNaN(outcome.allBack()) ? "not all were back at the end"
						: String.format(Locale.ROOT, "the last was back after %.1f s", outcome.allBack()));
		return text.toString();
	}

	private static void row(Lines text, String name, Latencies latencies) {
		if (latencies.count() > 0) {
			text.line("%-14s %,12d %9.2f %9.2f %9.2f %9.2f %9.2f", name, latencies.count(), latencies.percentile(50),
					latencies.percentile(90), latencies.percentile(99), latencies.percentile(99.9), latencies.max());
		}
	}

}
