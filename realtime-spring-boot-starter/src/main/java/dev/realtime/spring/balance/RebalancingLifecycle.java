package dev.realtime.spring.balance;

import dev.realtime.balance.Rebalancing;
import dev.realtime.spring.NodePart;
import org.jspecify.annotations.Nullable;

/**
 * Begins when the node takes clients, and ends before the drain: no phase stops earlier
 * than this one. Does nothing where the application sets no number of clients.
 */
final class RebalancingLifecycle implements NodePart {

	private final @Nullable Rebalancing rebalancing;

	private volatile boolean running;

	RebalancingLifecycle(@Nullable Rebalancing rebalancing) {
		this.rebalancing = rebalancing;
	}

	/** What runs, or null. */
	@Nullable Rebalancing rebalancing() {
		return this.rebalancing;
	}

	@Override
	public void start() {
		Rebalancing known = this.rebalancing;
		if (known != null && !this.running) {
			this.running = true;
			known.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		Rebalancing known = this.rebalancing;
		if (known != null) {
			known.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
