package dev.realtime.bench.scenario;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a run at a fixed rate has measured.
 *
 * @param nodes 1 with topics in memory, 2 over Redis: published on one, read on the other
 * @param subscribers of the one topic
 * @param rate publications a second
 * @param p50Millis median of the time from when a message was meant to be sent
 * @param p99Millis the same, 99 %
 * @param readerCores of the node with the subscribers
 * @param publisherCores of the node that publishes, where it is another one
 * @param storeCores of Redis
 * @param loadCores of the process with the clients
 */
public record Steady(int nodes, int subscribers, int rate, double p50Millis, double p99Millis, double readerCores,
		double publisherCores, double storeCores, double loadCores) {

	/** Checks what is divided by. */
	public Steady {
		if (subscribers < 1 || rate < 1 || !(p50Millis > 0) || !(p99Millis > 0) || !(readerCores > 0)) {
			throw new IllegalArgumentException("A run has subscribers, a rate, latencies and used cores");
		}
	}

	/** Of several runs of the same, each figure's median. */
	public static Steady median(List<Steady> runs) {
		Steady first = runs.get(0);
		return new Steady(first.nodes, first.subscribers, first.rate, median(runs, Steady::p50Millis),
				median(runs, Steady::p99Millis), median(runs, Steady::readerCores),
				median(runs, Steady::publisherCores), median(runs, Steady::storeCores),
				median(runs, Steady::loadCores));
	}

	private static double median(List<Steady> runs, ToDoubleFunction<Steady> figure) {
		double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
		int upper = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
	}

	/** Messages to single subscribers a second. */
	public double deliveries() {
		return (double) this.subscribers * this.rate;
	}

}
