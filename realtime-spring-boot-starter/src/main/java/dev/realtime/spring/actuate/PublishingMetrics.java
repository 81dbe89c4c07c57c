package dev.realtime.spring.actuate;

import java.util.function.ToDoubleFunction;

import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of what publishes, with connections or without; {@code docs/metrics.md} says
 * what each one means.
 */
final class PublishingMetrics implements MeterBinder {

	private final FleetMember member;

	private final Loops loops;

	PublishingMetrics(FleetMember member, Loops loops) {
		this.member = member;
		this.loops = loops;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		published(registry, "ok", FleetMember::published);
		published(registry, "failed", FleetMember::publishFailures);
		Gauge.builder("realtime.loop.stalled", this.loops, (loops) -> loops.stalled().size())
			.description("Background loops that have work and make no progress")
			.register(registry);
		this.loops.observe((kind, failures) -> FunctionCounter
			.builder("realtime.loop.failures", this.loops, (loops) -> failures.getAsLong())
			.tag("loop", kind)
			.description("Tasks of background loops that failed")
			.register(registry));
	}

	private void published(MeterRegistry registry, String outcome, ToDoubleFunction<FleetMember> count) {
		FunctionCounter.builder("realtime.published", this.member, count)
			.tag("outcome", outcome)
			.description("Messages published through this node")
			.register(registry);
	}

}
