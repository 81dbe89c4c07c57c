package dev.realtime.bench.simulation;

import org.HdrHistogram.Histogram;

/** Latencies in simulated time, from when recording begins. */
public final class Latencies {

	private static final long MOST_MICROS = 600_000_000;

	private static final double MILLI = 1e3;

	private final Histogram micros = new Histogram(MOST_MICROS, 3);

	void record(long nanos) {
		this.micros.recordValue(Math.min(MOST_MICROS, Math.max(0, nanos / 1_000)));
	}

	void add(Latencies others) {
		this.micros.add(others.micros);
	}

	/** How many. */
	public long count() {
		return this.micros.getTotalCount();
	}

	/** In milliseconds; NaN if there are none. */
	public double percentile(double percent) {
		return (count() > 0) ? this.micros.getValueAtPercentile(percent) / MILLI : Double.NaN;
	}

	/** The longest, in milliseconds. */
	public double max() {
		return percentile(100);
	}

	double mean() {
		return this.micros.getMean() / MILLI;
	}

}
