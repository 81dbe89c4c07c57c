package dev.realtime.bench.simulation;

/** A process, whose threads all stop while its garbage collector pauses it. */
final class Program {

	private long pausedUntil;

	private long cpuNanos;

	/** Stops all of its threads until then. */
	void pauseUntil(long nanos) {
		this.pausedUntil = Math.max(this.pausedUntil, nanos);
	}

	long pausedUntil() {
		return this.pausedUntil;
	}

	void used(long nanos) {
		this.cpuNanos += nanos;
	}

	/** What its threads have used of cores. */
	long cpuNanos() {
		return this.cpuNanos;
	}

}
