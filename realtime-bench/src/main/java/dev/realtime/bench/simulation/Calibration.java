package dev.realtime.bench.simulation;

import dev.realtime.bench.scenario.Steady;

/**
 * What two real runs, at a moderate and at a high rate, say about the machine: the costs
 * of a write and of a read by their processor time, and the length of pauses by the 99th
 * percentile of the first. A write costs less the busier a machine is, because caches are
 * warm and no core needs to be woken. So costs are interpolated over the logarithm of the
 * deliveries a second between the two, and constant outside.
 *
 * @param moderate a run at a moderate rate
 * @param high one at which the machine is nearly busy
 * @param stalls pauses of the collector, and of the machine by others that use it
 */
record Calibration(Steady moderate, Steady high, Stalls stalls) {

	private static final double MICRO = 1e6;

	/** A SEND and its publication; see {@code publish} of the shipped costs. */
	private static final double PUBLISH = 17;

	private static final double STORE = 19;

	private static final double RECEIVE = 10;

	private static final double FRAME = 0.1;

	/** What a client does for each further message of a read. */
	private static final double MESSAGE = 0.5;

	/** What waking a thread of a virtual machine takes. */
	private static final double WAKE = 100;

	private static final double STALLS_A_SECOND = 3;

	private static final double LONGEST_STALL_NANOS = 20e6;

	private static final int HALVINGS = 8;

	/** Fits the pauses. */
	static Calibration of(Steady moderate, Steady high) {
		double shortest = 0;
		double longest = LONGEST_STALL_NANOS;
		for (int i = 0; i < HALVINGS; i++) {
			double middle = (shortest + longest) / 2;
			Calibration tried = new Calibration(moderate, high, new Stalls(STALLS_A_SECOND, middle));
			if (tried.simulate(moderate).latencies().percentile(99) < moderate.p99Millis()) {
				shortest = middle;
			}
			else {
				longest = middle;
			}
		}
		return new Calibration(moderate, high, new Stalls(STALLS_A_SECOND, shortest));
	}

	/** A run in simulated time. */
	RunSimulation simulate(Steady run) {
		return new RunSimulation(run.nodes(), run.subscribers(), run.rate(), Runtime.getRuntime().availableProcessors(),
				at(run.deliveries()), this.stalls, 20, 1)
			.run();
	}

	/** The costs at so many deliveries a second. */
	RunCosts at(double deliveries) {
		double part = Math.log(deliveries / this.moderate.deliveries())
				/ Math.log(this.high.deliveries() / this.moderate.deliveries());
		double bounded = Math.max(0, Math.min(1, part));
		double write = between(bounded, write(this.moderate), write(this.high));
		double read = between(bounded, read(this.moderate), read(this.high));
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
