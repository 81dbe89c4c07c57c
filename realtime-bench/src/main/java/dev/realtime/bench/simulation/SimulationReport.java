package dev.realtime.bench.simulation;

import java.util.Locale;
import java.util.Map;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.capacity.EngineLoad;
import dev.realtime.bench.capacity.Plan;
import dev.realtime.bench.capacity.PlanReport;
import dev.realtime.bench.capacity.Quantity;
import dev.realtime.bench.capacity.UnitCost;

/** Simulates a plan and prints what it has found. */
public final class SimulationReport {

	private SimulationReport() {
	}

	/**
	 * Simulates the plan's nodes, or as many as {@code --nodes} says.
	 * @throws IllegalArgumentException if an option is wrong, saying how
	 */
	public static String of(Plan plan, Arguments arguments) {
		int nodes = arguments.has("nodes") ? (int) Quantity.whole("--nodes", arguments.get("nodes", "")) : plan.nodes();
		Story story = Story.of(arguments, plan.fleet(), plan.costs().value(UnitCost.FRAME_BYTES),
				plan.costs().value(UnitCost.RELAY_BYTES));
		EngineLoad engine = EngineLoad.of(plan.fleet(), plan.costs(), nodes);
		Outcome outcome = new FleetSimulation(plan.fleet(), plan.costs(), nodes, engine, story).run();
		return text(plan, nodes, engine, story, outcome);
	}

	private static String text(Plan plan, int nodes, EngineLoad engine, Story story, Outcome outcome) {
		StringBuilder text = new StringBuilder();
		line(text, "%,d nodes (the plan has %,d), %d of them simulated, and %d servers of the engine; seed %d", nodes,
				plan.nodes(), Math.min(nodes, story.sampled()), engine.stores() + engine.relays(), story.seed());
		line(text,
				"%s s: a burst of %.0f times the rate at %s s for %s s, a node lost at %s s; pauses of %.0f ms, %s a second in each node",
				PlanReport.short4(story.seconds()), plan.fleet().burst(), PlanReport.short4(story.burstAt()),
				PlanReport.short4(plan.fleet().burstSeconds()), PlanReport.short4(story.deathAt()),
				story.stalls().meanNanos() / 1e6, PlanReport.short4(story.stalls().perSecond()));
		line(text,
				"%,d messages published, %,d deliveries of the simulated nodes, %.2f to a write, %.2f cores of a node",
				outcome.events(), outcome.deliveries(), outcome.messagesPerWrite(), outcome.cores());
		line(text, "");
		line(text, "%-14s %12s %9s %9s %9s %9s %9s", "ms to socket", "deliveries", "p50", "p90", "p99", "p99.9", "max");
		Latencies whole = new Latencies();
		for (Map.Entry<FleetSimulation.Phase, Latencies> phase : outcome.latencies().entrySet()) {
			whole.add(phase.getValue());
			row(text, phase.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '), phase.getValue());
		}
		row(text, "all", whole);
		line(text, "");
		line(text, "most waiting: %,d messages from the relay (bound %,d), %,d deliveries in a node, %,d in the engine",
				outcome.mostFromRelay(), story.relayBound(), outcome.mostDeliveries(), outcome.mostInEngine());
		line(text, "dropped: %,d messages from the relay, %,d deliveries at full queues", outcome.droppedFromRelay(),
				outcome.droppedDeliveries());
		line(text, "%,d clients of the lost node came to the simulated ones; %s", outcome.joined(),
				Double.isNaN(outcome.allBack()) ? "not all were back at the end"
						: String.format(Locale.ROOT, "the last was back after %.1f s", outcome.allBack()));
		return text.toString();
	}

	private static void row(StringBuilder text, String name, Latencies latencies) {
		if (latencies.count() > 0) {
			line(text, "%-14s %,12d %9.2f %9.2f %9.2f %9.2f %9.2f", name, latencies.count(), latencies.percentile(50),
					latencies.percentile(90), latencies.percentile(99), latencies.percentile(99.9), latencies.max());
		}
	}

	private static void line(StringBuilder text, String format, Object... values) {
		text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
	}

}
