package dev.realtime.balance;

import java.util.HashMap;
import java.util.Map;

/**
 * What nodes have said of their connections. Knows no clock and no thread; for one
 * thread.
 */
final class Loads {

	/** The most nodes that are known; reports of further ones are dropped. */
	static final int MOST_NODES = 10_000;

	/** A report that is older does not count as how the node is now, in intervals. */
	private static final int STALE = 2;

	/** A node whose last report is older is forgotten, in intervals. */
	private static final int MISSING = 3;

	private final long intervalNanos;

	private final Map<String, Load> nodes = new HashMap<>();

	/** When a node last came or went. */
	private long changedNanos;

	Loads(long intervalNanos, long nowNanos) {
		this.intervalNanos = intervalNanos;
		this.changedNanos = nowNanos;
	}

	/**
	 * A node has said how many connections it has.
	 * @param connections less than 0 if it takes no clients
	 */
	void heard(String node, int connections, long nowNanos) {
		if (connections < 0) {
			noteIf(this.nodes.remove(node) != null, nowNanos);
		}
		else if (this.nodes.size() < MOST_NODES || this.nodes.containsKey(node)) {
			noteIf(this.nodes.put(node, new Load(connections, nowNanos)) == null, nowNanos);
		}
	}

	/** Forgets nodes that have been silent for too long. */
	void expire(long nowNanos) {
		noteIf(this.nodes.values().removeIf((load) -> nowNanos - load.heardNanos() > MISSING * this.intervalNanos),
				nowNanos);
	}

	/** Whether there are others, and this node and all others have been heard lately. */
	boolean areKnown(String self, long nowNanos) {
		return this.nodes.size() > 1 && this.nodes.containsKey(self)
				&& this.nodes.values()
					.stream()
					.allMatch((load) -> nowNanos - load.heardNanos() <= STALE * this.intervalNanos);
	}

	/**
	 * Returns the mean of all nodes.
	 * @param connections those of this node, whatever it has said
	 */
	double mean(String self, long connections) {
		long sum = connections;
		for (Map.Entry<String, Load> each : this.nodes.entrySet()) {
			sum += each.getKey().equals(self) ? 0 : each.getValue().connections();
		}
		return (double) sum / this.nodes.size();
	}

	/** When a node last came or went, or when this began. */
	long changedNanos() {
		return this.changedNanos;
	}

	/** Nodes that take clients, this one included. */
	int size() {
		return this.nodes.size();
	}

	private void noteIf(boolean changed, long nowNanos) {
		if (changed) {
			this.changedNanos = nowNanos;
		}
	}

	private record Load(int connections, long heardNanos) {
	}

}
