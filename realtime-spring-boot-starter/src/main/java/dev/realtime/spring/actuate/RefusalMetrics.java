package dev.realtime.spring.actuate;

import dev.realtime.spring.audit.SecurityEvents;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of refusals; see {@code docs/metrics.md}. */
final class RefusalMetrics implements MeterBinder {

	private final SecurityEvents events;

	RefusalMetrics(SecurityEvents events) {
		this.events = events;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		// A meter refers weakly to its object, and strongly to its function.
		this.events.observe((door, reason, count) -> FunctionCounter
			.builder("realtime.refused", this.events, (events) -> count.getAsLong())
			.tag("door", door)
			.tag("reason", reason)
			.description("What clients were refused, and connections that were ended")
			.register(registry));
		FunctionCounter.builder("realtime.refused.dropped", this.events, SecurityEvents::dropped)
			.description("Events of refusals that listeners did not get, because too many waited")
			.register(registry);
	}

}
