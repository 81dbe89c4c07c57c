package dev.realtime.spring.drain;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meter of a drain on request; see {@code docs/metrics.md}. */
final class NodeDrainMetrics implements MeterBinder {

	private final NodeDrain drain;

	NodeDrainMetrics(NodeDrain drain) {
		this.drain = drain;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.drained.age", this.drain, (drain) -> drain.age().toMillis() / 1_000.0)
			.description("How long this node has been out of service on an operator's request, 0 if it is in service")
			.baseUnit("seconds")
			.register(registry);
	}

}
