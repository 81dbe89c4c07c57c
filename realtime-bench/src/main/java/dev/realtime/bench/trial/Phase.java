package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.HdrHistogram.Histogram;

/**
 * What one phase found.
 *
 * @param seconds how long messages were published
 * @param counts by name
 * @param times microseconds, by name
 * @param memory of the server in MB, by name
 * @param ends connections that ended and were not meant to, by reason
 * @param violations the first of them, as sentences
 */
record Phase(String name, double seconds, Map<String, Long> counts, Map<String, Histogram> times,
		Map<String, Double> memory, Map<String, Long> ends, List<String> violations) {

	/** What makes a run fail. */
	static final List<String> VIOLATIONS = List.of("missing", "doubled", "disordered", "refused");

	Phase {
		counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
		times = Collections.unmodifiableMap(new LinkedHashMap<>(times));
		memory = Collections.unmodifiableMap(new LinkedHashMap<>(memory));
		ends = Collections.unmodifiableMap(new LinkedHashMap<>(ends));
		violations = List.copyOf(violations);
	}

	/** Whether every delivery was exact. */
	boolean isExact() {
		return VIOLATIONS.stream().allMatch((kind) -> count(kind) == 0);
	}

	long count(String name) {
		return this.counts.getOrDefault(name, 0L);
	}

	Histogram time(String name) {
		return this.times.getOrDefault(name, Meter.histogram());
	}

	/** Both, which ran at the same time in different processes. */
	Phase and(Phase other) {
		Map<String, Long> counts = new LinkedHashMap<>(this.counts);
		other.counts.forEach((name, count) -> counts.merge(name, count, Long::sum));
		Map<String, Histogram> times = new LinkedHashMap<>();
		this.times.forEach((name, time) -> times.put(name, time.copy()));
		other.times.forEach((name, time) -> times.merge(name, time, (one, more) -> {
			one.add(more);
			return one;
		}));
		Map<String, Double> memory = new LinkedHashMap<>(other.memory);
		memory.putAll(this.memory);
		Map<String, Long> ends = new LinkedHashMap<>(this.ends);
		other.ends.forEach((why, count) -> ends.merge(why, count, Long::sum));
		List<String> violations = new ArrayList<>(this.violations);
		violations.addAll(other.violations);
		return new Phase(this.name, Math.max(this.seconds, other.seconds), counts, times, memory, ends, violations);
	}

}
