package dev.realtime.spring.occupancy;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/** The meters of topic events; see {@code docs/metrics.md}. */
final class TopicEventsMetrics implements MeterBinder {

	private final TopicEvents events;

	private final @Nullable FleetTopicEvents fleet;

	TopicEventsMetrics(TopicEvents events, @Nullable FleetTopicEvents fleet) {
		this.events = events;
		this.fleet = fleet;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.topic.events.occupied", this.events, TopicEvents::topics)
			.description("Topics that have subscribers on this node, without wildcards and reserved topics")
			.register(registry);
		FunctionCounter.builder("realtime.topic.events.dropped", this.events, TopicEvents::dropped)
			.description("Changes of topics that were not reported at once because too many waited")
			.register(registry);
		if (this.fleet != null) {
			Gauge.builder("realtime.topic.events.unstored", this.fleet, FleetTopicEvents::waiting)
				.description("Topics that got or lost their subscribers on this node, which Redis does not know yet")
				.register(registry);
		}
	}

}
