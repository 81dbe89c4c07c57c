package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What a node has sent away to even out connections; no meter where it does not. */
final class RebalancingMetrics implements MeterBinder {

	private final RebalancingLifecycle lifecycle;

	RebalancingMetrics(RebalancingLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Rebalancing known = this.lifecycle.rebalancing();
		if (known != null) {
			FunctionCounter.builder("realtime.rebalance.sent.away", known, Rebalancing::sentAway)
				.description("Connections that were told to reconnect because this node had more than its share")
				.register(registry);
		}
	}

}
