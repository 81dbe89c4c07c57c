package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;

import org.springframework.context.SmartLifecycle;

/** Begins when the node takes clients, and ends before it sends all of them away. */
final class RebalancingLifecycle implements SmartLifecycle {

	private final Rebalancing rebalancing;

	private volatile boolean running;

	RebalancingLifecycle(Rebalancing rebalancing) {
		this.rebalancing = rebalancing;
	}

	@Override
	public void start() {
		if (!this.running) {
			this.running = true;
			this.rebalancing.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.rebalancing.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
