package dev.realtime.spring.isolation;

import dev.realtime.isolation.IsolationWatch;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Meters of a node that watches whether it is cut off; none where it does not. */
final class IsolationMetrics implements MeterBinder {

	private final IsolationWatch watch;

	IsolationMetrics(IsolationWatch watch) {
		this.watch = watch;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (!this.watch.isActive()) {
			return;
		}
		Gauge.builder("realtime.isolated", this.watch, (watch) -> watch.isIsolated() ? 1 : 0)
			.description("Whether this node is cut off from the relay while others are not")
			.register(registry);
		FunctionCounter.builder("realtime.isolations", this.watch, IsolationWatch::isolations)
			.description("How often this node was cut off from the relay while others were not")
			.register(registry);
		FunctionCounter.builder("realtime.isolation.sent.away", this.watch, IsolationWatch::sentAway)
			.description("Connections that were told to reconnect elsewhere because this node was cut off")
			.register(registry);
	}

}
