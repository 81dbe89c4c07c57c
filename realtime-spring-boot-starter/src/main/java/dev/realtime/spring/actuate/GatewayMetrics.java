package dev.realtime.spring.actuate;

import dev.realtime.spring.gateway.Gateway;
import dev.realtime.spring.gateway.GatewayCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of a gateway; see {@code docs/metrics.md}. */
final class GatewayMetrics implements MeterBinder {

	private final Gateway gateway;

	GatewayMetrics(Gateway gateway) {
		this.gateway = gateway;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		GatewayCounts counts = this.gateway.counts();
		Gauge.builder("realtime.gateway.nodes", this.gateway, Gateway::answering)
			.description("Nodes of the application that take SENDs")
			.register(registry);
		Gauge.builder("realtime.gateway.waiting", this.gateway, Gateway::pending)
			.description("SENDs without an answer")
			.register(registry);
		FunctionCounter.builder("realtime.gateway.forwarded", counts, GatewayCounts::forwarded)
			.description("SENDs that were handed to a node")
			.register(registry);
		FunctionCounter.builder("realtime.gateway.timed.out", counts, GatewayCounts::timedOut)
			.description("SENDs that had no answer in time")
			.register(registry);
		GatewayCounts.OUTCOMES.forEach((outcome) -> FunctionCounter
			.builder("realtime.gateway.answered", counts, (known) -> known.answered(outcome))
			.tag("outcome", outcome)
			.description("SENDs whose client was answered, by outcome")
			.register(registry));
	}

}
