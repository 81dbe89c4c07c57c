package dev.realtime.spring.actuate;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.node.RealtimeNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The meters of a node's drain; {@code docs/metrics.md} says what each one means. */
final class DrainMetrics {

	private final RealtimeNode node;

	private final List<Timer> timers = new CopyOnWriteArrayList<>();

	private final List<Counter> counters = new CopyOnWriteArrayList<>();

	DrainMetrics(RealtimeNode node) {
		this.node = node;
	}

	void bindTo(MeterRegistry registry) {
		this.timers.add(
				Timer.builder("realtime.drain").description("How long the drain of this node took").register(registry));
		this.counters.add(Counter.builder("realtime.drain.left")
			.description("Connections that were still open when the drain of this node was over")
			.register(registry));
		this.node.onDrained((nanos, left) -> {
			this.timers.forEach((timer) -> timer.record(nanos, TimeUnit.NANOSECONDS));
			this.counters.forEach((counter) -> counter.increment(left));
		});
	}

}
