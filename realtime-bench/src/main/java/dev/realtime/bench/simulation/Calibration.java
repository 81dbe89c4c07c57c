package dev.realtime.bench.simulation;

import dev.realtime.bench.scenario.Steady;

/**
 * Unit costs from two real runs, at a low and at a high rate, in both of which each
 * delivery has a write of its own. A write costs less the busier the machine is (caches,
 * and cores that need not be woken), so between the two rates costs are interpolated over
 * the logarithm of the deliveries a second, and beyond them they stay.
 */
record Calibration(Steady low, Steady high) {

	/** Pauses of the collector in the nodes and in the clients. */
	static final Stalls STALLS = new Stalls(1, 3e6);

	private static final double MICRO = 1e6;

	/** A SEND and its publication; see {@code publish} of the shipped costs. */
	private static final double PUBLISH = 17;

	private static final double STORE = 19;

	private static final double RECEIVE = 10;

	private static final double FRAME = 0.1;

	/** What a client does for each further message of a read. */
	private static final double MESSAGE = 0.5;

	private static final double WAKE = 30;

	/** The costs at so many deliveries a second. */
	RunCosts at(double deliveries) {
		double part = Math.log(deliveries / this.low.deliveries())
				/ Math.log(this.high.deliveries() / this.low.deliveries());
		double bounded = Math.max(0, Math.min(1, part));
		double write = between(bounded, write(this.low), write(this.high));
		double read = between(bounded, read(this.low), read(this.high));
		return new RunCosts(PUBLISH, STORE, RECEIVE, write, FRAME, WAKE, PUBLISH, read, MESSAGE);
	}

	private static double between(double part, double first, double last) {
		return first + part * (last - first);
	}

	private static double write(Steady run) {
		return MICRO * run.readerCores() / run.deliveries() - FRAME;
	}

	private static double read(Steady run) {
		return MICRO * run.loadCores() / run.deliveries() - MESSAGE;
	}

}
