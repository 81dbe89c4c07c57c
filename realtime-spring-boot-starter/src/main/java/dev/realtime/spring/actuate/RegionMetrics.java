package dev.realtime.spring.actuate;

import dev.realtime.broker.Broker;
import dev.realtime.region.RegionBroker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of a node in one of several regions. */
final class RegionMetrics implements MeterBinder {

	private static final String REGION = "region";

	private final Broker broker;

	RegionMetrics(Broker broker) {
		this.broker = broker;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		RegionBroker regional = this.broker.unwrap(RegionBroker.class);
		if (regional != null) {
			bindTo(registry, regional);
		}
	}

	private static void bindTo(MeterRegistry registry, RegionBroker regional) {
		for (String region : regional.options().others()) {
			Gauge.builder("realtime.region.lag", regional, (broker) -> broker.lag(region))
				.tag(REGION, region)
				.description("Messages of a region that wait on the bridge for this node")
				.register(registry);
			Gauge.builder("realtime.region.silence", regional, (broker) -> broker.silence(region).toMillis() / 1e3)
				.tag(REGION, region)
				.description("How long a region has not been heard from")
				.baseUnit("seconds")
				.register(registry);
		}
		Gauge.builder("realtime.region.behind", regional, RegionBroker::behind)
			.description("Topics whose copies this node knows to lack messages")
			.register(registry);
		Gauge.builder("realtime.region.pending", regional, RegionBroker::pending)
			.description("Publications of this node that wait for the home of their topic")
			.register(registry);
		FunctionCounter.builder("realtime.region.copied", regional, RegionBroker::copied)
			.description("Messages of other regions that this node has stored")
			.register(registry);
		FunctionCounter.builder("realtime.region.repairs", regional, RegionBroker::repairs)
			.description("How often this node has asked a home for missing messages")
			.register(registry);
	}

}
