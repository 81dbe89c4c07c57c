package dev.realtime.bench.simulation;

import java.util.List;
import java.util.function.ToDoubleFunction;

import dev.realtime.bench.capacity.CostFile;
import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.UnitCost;
import dev.realtime.bench.scenario.Steady;

/**
 * What real runs say about the machine: the costs of a write and of a read by their
 * processor time, and the length of pauses by their 99th percentiles. All else is as
 * shipped. Each message must have had a write of its own in these runs.
 *
 * @param cores of the machine that runs everything
 * @param node costs of a node
 * @param store a publication in Redis, in nanoseconds of its core
 * @param clients costs of the clients
 * @param stalls pauses of the collector, and of the machine by others that use it
 */
record Calibration(int cores, NodeCosts node, double store, Clients.Costs clients, Stalls stalls) {

	private static final String REDIS = "redis";

	private static final double NANOS = 1e9;

	private static final double MICRO = 1e3;

	/** What a client does for each further message of a read. */
	private static final double MESSAGE_NANOS = 500;

	private static final double STALLS_A_SECOND = 3;

	private static final double LONGEST_STALL_NANOS = 20e6;

	private static final double SECONDS = 20;

	private static final int HALVINGS = 7;

	/** Fits the costs, then the pauses. */
	static Calibration of(int cores, List<Steady> real) {
		double shortest = 0;
		double longest = LONGEST_STALL_NANOS;
		for (int i = 0; i < HALVINGS; i++) {
			double middle = (shortest + longest) / 2;
			if (with(cores, real, middle).isTooFast(real)) {
				shortest = middle;
			}
			else {
				longest = middle;
			}
		}
		return with(cores, real, shortest);
	}

	private static Calibration with(int cores, List<Steady> real, double stallNanos) {
		Costs costs = CostFile.shipped();
		double publish = MICRO * costs.value(REDIS, UnitCost.PUBLISH);
		double frame = MICRO * costs.value(UnitCost.FRAME);
		double write = each(real, Steady::readerCores) - frame;
		double read = each(real, Steady::loadCores) - MESSAGE_NANOS;
		return new Calibration(cores,
				new NodeCosts(publish, MICRO * costs.value(REDIS, UnitCost.RECEIVE_THREAD), write, frame, 0),
				MICRO * costs.value(REDIS, UnitCost.STORE), new Clients.Costs(publish, read, MESSAGE_NANOS),
				new Stalls(STALLS_A_SECOND, stallNanos));
	}

	/** Nanoseconds of a core for each delivery of all runs. */
	private static double each(List<Steady> runs, ToDoubleFunction<Steady> usedCores) {
		return NANOS * runs.stream().mapToDouble(usedCores).sum() / runs.stream().mapToDouble(Steady::deliveries).sum();
	}

	/** Whether the simulated 99th percentiles are below the real ones on the mean. */
	private boolean isTooFast(List<Steady> real) {
		return real.stream()
			.mapToDouble((run) -> Math.log(simulate(run).latencies().percentile(99) / run.p99Millis()))
			.sum() < 0;
	}

	/** A run in simulated time. */
	RunSimulation simulate(Steady run) {
		return new RunSimulation(run, this).run(SECONDS);
	}

}
