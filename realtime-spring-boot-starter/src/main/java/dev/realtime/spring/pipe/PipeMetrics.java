package dev.realtime.spring.pipe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of texts that grow; {@code docs/metrics.md} says what each one means. */
final class PipeMetrics implements MeterBinder {

	private final RealtimeStreams streams;

	PipeMetrics(RealtimeStreams streams) {
		this.streams = streams;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.pipe.active", this.streams, RealtimeStreams::active)
			.description("Texts that grow on this node")
			.register(registry);
		for (StreamOutcome outcome : StreamOutcome.values()) {
			FunctionCounter.builder("realtime.pipe.ended", this.streams, (streams) -> streams.counts().get(outcome))
				.tag("outcome", outcome.word())
				.description("Texts that have ended, by how they ended")
				.register(registry);
		}
	}

}
