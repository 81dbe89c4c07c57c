package dev.realtime.balance;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides how many clients this node sends away now. Knows no clock and no thread; for
 * one thread.
 */
final class Balance {

	private static final double MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

	/** Reports that are missing in a row until a node is forgotten. */
	private static final int MISSING = 3;

	/** Nodes beyond so many are not counted. */
	static final int MOST_NODES = 10_000;

	private final BalanceOptions options;

	private final Map<String, Load> loads = new HashMap<>();

	/** How many may go now; a part of one is kept for the next step. */
	private double allowed;

	private long steppedNanos;

	Balance(BalanceOptions options, long nowNanos) {
		this.options = options;
		this.steppedNanos = nowNanos;
	}

	/**
	 * A node has said how it is.
	 * @param node any, this one included
	 * @param connections how many it has; less than 0 if it takes none
	 */
	void heard(String node, int connections, long nowNanos) {
		if (connections < 0) {
			this.loads.remove(node);
		}
		else if (this.loads.size() < MOST_NODES || this.loads.containsKey(node)) {
			this.loads.put(node, new Load(connections, nowNanos));
		}
	}

	/**
	 * How many clients go now. None if this node does not hear itself: then it does not
	 * know how the others are.
	 * @param node this one
	 * @param connections how many it has now that are not on their way out
	 */
	int step(String node, int connections, long nowNanos) {
		long interval = this.options.interval().toNanos();
		this.loads.values().removeIf((load) -> nowNanos - load.heardNanos() > MISSING * interval);
		double elapsed = Math.min(nowNanos - this.steppedNanos, 2 * interval);
		this.steppedNanos = nowNanos;
		double more = elapsed / MINUTE_NANOS * this.options.clientsPerMinute();
		// what was not needed is not saved up
		this.allowed = Math.min(this.allowed, 1) + more;
		if (this.loads.size() < 2 || !this.loads.containsKey(node)) {
			return 0;
		}
		long others = 0;
		for (Map.Entry<String, Load> load : this.loads.entrySet()) {
			others += load.getKey().equals(node) ? 0 : load.getValue().connections();
		}
		double mean = (double) (others + connections) / this.loads.size();
		if (connections <= mean * (100 + this.options.thresholdPercent()) / 100) {
			return 0;
		}
		int above = connections - (int) Math.ceil(mean);
		int going = (int) Math.min(above, Math.floor(this.allowed));
		this.allowed -= going;
		return going;
	}

	/** Nodes that take clients, this one included. */
	int nodes() {
		return this.loads.size();
	}

	private record Load(int connections, long heardNanos) {
	}

}
