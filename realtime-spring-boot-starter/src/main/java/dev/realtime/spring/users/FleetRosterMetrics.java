package dev.realtime.spring.users;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of the user registry; {@code docs/metrics.md} says what each one means. */
final class FleetRosterMetrics implements MeterBinder {

	private final FleetRoster roster;

	FleetRosterMetrics(FleetRoster roster) {
		this.roster = roster;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("realtime.user.registry.nodes", this.roster, (roster) -> roster.remote().nodeCount())
			.description("Other nodes whose users are known")
			.register(registry);
		Gauge.builder("realtime.user.registry.sessions", this.roster, (roster) -> roster.remote().sessionCount())
			.description("Sessions of users on other nodes that are known")
			.register(registry);
		FunctionCounter.builder("realtime.user.registry.cut", this.roster, (roster) -> roster.cuts().count())
			.description("Entries that were left out to stay within the bounds")
			.register(registry);
	}

}
