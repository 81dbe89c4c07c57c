package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/** What is counted and measured in one phase. Confined to the event loop. */
final class Meter {

	private static final int MOST_VIOLATIONS = 5;

	/** From the time at which a message was meant to be sent until it arrived. */
	final Histogram latency = histogram();

	/** The same until the server confirmed it. */
	final Histogram publish = histogram();

	/** From the first byte to the network until CONNECTED. */
	final Histogram connect = histogram();

	/** From SUBSCRIBE until its RECEIPT. */
	final Histogram subscribe = histogram();

	/** From the cut until everything missed had arrived. */
	final Histogram back = histogram();

	long published;

	long confirmed;

	long deliveries;

	/** Publications that were due and were not sent. */
	long unsent;

	private final Map<String, Long> found = new LinkedHashMap<>();

	private final Map<String, Long> ends = new TreeMap<>();

	private final List<String> violations = new ArrayList<>();

	Meter() {
		for (String kind : Phase.VIOLATIONS) {
			this.found.put(kind, 0L);
		}
	}

	/** Something that must not be. */
	void violation(String kind, long count, String text) {
		this.found.merge(kind, count, Long::sum);
		if (this.violations.size() < MOST_VIOLATIONS) {
			this.violations.add(text);
		}
	}

	/** A connection ended that was not meant to. */
	void ended(String why) {
		if (this.ends.size() < 20 || this.ends.containsKey(why)) {
			this.ends.merge(why, 1L, Long::sum);
		}
	}

	static void record(Histogram histogram, long sinceNanos) {
		long micros = (System.nanoTime() - sinceNanos) / 1_000;
		histogram.recordValue(Math.min(Math.max(micros, 0), histogram.getHighestTrackableValue()));
	}

	static Histogram histogram() {
		return new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
	}

	Phase phase(String name, double seconds, Map<String, Double> memory) {
		Map<String, Long> counts = new LinkedHashMap<>();
		counts.put("published", this.published);
		counts.put("confirmed", this.confirmed);
		counts.put("unsent", this.unsent);
		counts.put("deliveries", this.deliveries);
		counts.putAll(this.found);
		Map<String, Histogram> times = new LinkedHashMap<>();
		times.put("latency", this.latency.copy());
		times.put("publish", this.publish.copy());
		times.put("connect", this.connect.copy());
		times.put("subscribe", this.subscribe.copy());
		times.put("back", this.back.copy());
		return new Phase(name, seconds, counts, times, memory, this.ends, this.violations);
	}

}
