package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What a node has sent away to even out connections. */
final class RebalancingMetrics implements MeterBinder {

	private final Rebalancing rebalancing;

	RebalancingMetrics(Rebalancing rebalancing) {
		this.rebalancing = rebalancing;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder("realtime.rebalance.sent.away", this.rebalancing, Rebalancing::sentAway)
			.description("Connections that were told to reconnect because this node had more than its share")
			.register(registry);
	}

}
