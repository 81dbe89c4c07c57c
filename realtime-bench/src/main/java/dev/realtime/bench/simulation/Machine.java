package dev.realtime.bench.simulation;

/**
 * Cores that threads share: with more threads at work than cores, each piece of work
 * takes so many times as long.
 */
final class Machine {

	private final double cores;

	private int busy;

	Machine(double cores) {
		this.cores = cores;
	}

	void began() {
		this.busy++;
	}

	void ended() {
		this.busy--;
	}

	double stretch() {
		return Math.max(1, this.busy / this.cores);
	}

}
