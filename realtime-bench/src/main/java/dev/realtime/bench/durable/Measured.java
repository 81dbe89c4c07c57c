package dev.realtime.bench.durable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.bench.scenario.Figures;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement found.
 *
 * @param stored how many messages were committed
 * @param nanos how long that took
 * @param latencies from when a message was due until it was committed, in ns
 * @param announced likewise until it was announced; null where that is not measured
 */
record Measured(long stored, long nanos, Histogram latencies, @Nullable Histogram announced) {

	Measured(long stored, long nanos, Histogram latencies) {
		this(stored, nanos, latencies, null);
	}

	/** The longest time that is told apart, and how many digits count. */
	static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

	static final int DIGITS = 2;

	static final String RATE = "publishes/s";

	Figures figures(String contender, String variant) {
		Map<String, Double> values = new LinkedHashMap<>();
		values.put(RATE, this.stored * 1e9 / this.nanos);
		values.put("p50 ms", this.latencies.getValueAtPercentile(50) / 1e6);
		values.put("p99 ms", this.latencies.getValueAtPercentile(99) / 1e6);
		if (this.announced != null) {
			values.put("announced p50 ms", this.announced.getValueAtPercentile(50) / 1e6);
			values.put("announced p99 ms", this.announced.getValueAtPercentile(99) / 1e6);
		}
		return new Figures(contender, variant, values);
	}

}
