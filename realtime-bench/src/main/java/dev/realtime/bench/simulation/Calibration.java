package dev.realtime.bench.simulation;

import dev.realtime.bench.scenario.Steady;

/** Unit costs from a run at a low rate, in which each delivery has a write of its own. */
final class Calibration {

	/** Pauses of the collector in the nodes and in the clients. */
	static final Stalls STALLS = new Stalls(1, 3e6);

	private static final double MICRO = 1e6;

	private static final double PUBLISH = 17;

	private static final double STORE = 19;

	private static final double RECEIVE = 10;

	private static final double FRAME = 0.1;

	private static final double WAKE = 30;

	private static final double MESSAGE = 0.5;

	private Calibration() {
	}

	static RunCosts of(Steady run) {
		double write = MICRO * run.readerCores() / run.deliveries() - FRAME;
		double read = MICRO * run.loadCores() / run.deliveries() - MESSAGE;
		return new RunCosts(PUBLISH, STORE, RECEIVE, write, FRAME, WAKE, PUBLISH, read, MESSAGE);
	}

}
