package dev.realtime.spring.occupancy;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of topic events; see {@code docs/metrics.md}. */
final class TopicEventsMetrics implements MeterBinder {

	private final TopicEvents events;

	TopicEventsMetrics(TopicEvents events) {
		this.events = events;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.topic.events.occupied", this.events, TopicEvents::topics)
			.description("Topics that have subscribers on this node, without wildcards and reserved topics")
			.register(registry);
		FunctionCounter.builder("realtime.topic.events.dropped", this.events, TopicEvents::dropped)
			.description("Changes of topics that were not reported at once because too many waited")
			.register(registry);
	}

}
