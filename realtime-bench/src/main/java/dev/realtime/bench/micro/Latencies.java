package dev.realtime.bench.micro;

import java.util.Locale;

/** Counts times in steps of 10 µs up to 10 s. Written by one thread. */
final class Latencies {

	private static final long STEP_NANOS = 10_000;

	private static final double STEPS_A_MILLISECOND = 100;

	private static final int STEPS = 1_000_000;

	private final int[] counts = new int[STEPS];

	private volatile long total;

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void add(long nanos) {
		this.counts[(int) Math.min(STEPS - 1, Math.max(0, nanos / STEP_NANOS))]++;
		this.total++;
	}

	/** How many were added; what was counted before may be read afterwards. */
	long total() {
		return this.total;
	}

	/** Forgets what was added; for the thread that adds. */
	void clear() {
		java.util.Arrays.fill(this.counts, 0);
		this.total = 0;
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms", millis(0.5),
				millis(0.9), millis(0.99), millis(0.999), millis(1));
	}

	/** The upper end of the step that holds the quantile. */
	double millis(double quantile) {
		long wanted = (long) Math.ceil(this.total * quantile);
		long seen = 0;
		for (int i = 0; i < STEPS; i++) {
			seen += this.counts[i];
			if (seen >= wanted) {
				return (i + 1) / STEPS_A_MILLISECOND;
			}
		}
		return Double.NaN;
	}

}
