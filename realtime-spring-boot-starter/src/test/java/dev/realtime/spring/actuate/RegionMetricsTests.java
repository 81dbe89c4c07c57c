package dev.realtime.spring.actuate;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Environment;
import dev.realtime.spring.testing.FrontBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RegionMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void aRegionBehindAnotherBrokerIsMeasured() {
		try (FrontBroker broker = FrontBroker.ofRegion()) {
			new RegionMetrics(broker).bindTo(this.registry);
			assertThat(this.registry.find("realtime.region.lag").tag("region", "us").gauge()).isNotNull();
		}
	}

	@Test
	void withoutARegionThereAreNoMeters() {
		try (MemoryBroker broker = new MemoryBroker(Environment.system())) {
			new RegionMetrics(broker).bindTo(this.registry);
			assertThat(this.registry.getMeters()).isEmpty();
		}
	}

}
