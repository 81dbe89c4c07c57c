package dev.realtime.bench.capacity;

import java.util.Locale;

/**
 * Finds the smallest fleet: with one node lost the others hold the mean load within the
 * utilization, and with all of them a burst is over in time.
 */
public final class Calculator {

	/** More nodes than this are not looked at. */
	public static final int MOST_NODES = 100_000;

	private final Fleet fleet;

	private final Costs costs;

	public Calculator(Fleet fleet, Costs costs) {
		this.fleet = fleet;
		this.costs = costs;
	}

	/**
	 * Calculates it.
	 * @throws IllegalArgumentException if no number of nodes is enough, saying why
	 */
	public Plan plan() {
		int nodes = 2;
		if (!exceeded(MOST_NODES).isEmpty()) {
			throw new IllegalArgumentException(
					"No number of nodes is enough. Each has too little of: " + exceeded(MOST_NODES) + "; " + advice());
		}
		int enough = MOST_NODES;
		while (nodes < enough) {
			int middle = (nodes + enough) >>> 1;
			if (exceeded(middle).isEmpty()) {
				enough = middle;
			}
			else {
				nodes = middle + 1;
			}
		}
		String decidedBy = (nodes == 2) ? "one of two may be lost" : exceeded(nodes - 1);
		return new Plan(this.fleet, this.costs, nodes, decidedBy, load(nodes), load(nodes - 1),
				EngineLoad.of(this.fleet, this.costs, nodes), Storm.ofALostNode(this.fleet, this.costs, nodes),
				Storm.ofADeploy(this.fleet, this.costs, nodes));
	}

	private NodeLoad load(int nodes) {
		return NodeLoad.of(this.fleet, this.costs, nodes);
	}

	/**
	 * What so many nodes do not have enough of, with one lost; empty if all is enough.
	 */
	private String exceeded(int nodes) {
		NodeSize size = this.fleet.node();
		NodeLoad load = load(nodes - 1);
		if (load.connections() > size.connections()) {
			return "connections (--node-connections)";
		}
		if (load.memory().all() > size.memory() * size.utilization()) {
			return "memory (--node-memory)";
		}
		if (load.cores() > size.cores() * size.utilization()) {
			return "cores at the mean rate (--node-cores)";
		}
		if (load.bandwidth() > size.bandwidth() * size.utilization()) {
			return "bandwidth (--node-bandwidth)";
		}
		double burstTime = this.fleet.burstTime();
		NodeLoad burst = load(nodes);
		if (burst.burstCores() * this.fleet.burstSeconds() > size.cores() * burstTime) {
			return "cores in a burst (--burst, --within)";
		}
		int threads = this.fleet.engine()
			.relayThreads(EngineLoad.of(this.fleet, this.costs, nodes).stores(), size.cores());
		if (load.receiveThreadCores() > threads * size.utilization()) {
			return "what a thread can receive from the relay (" + threads + " in each node)";
		}
		if (this.fleet.burst() * burst.receiveThreadCores() * this.fleet.burstSeconds() > threads * burstTime) {
			return "what a thread can receive from the relay in a burst (" + threads + " in each node)";
		}
		if (this.fleet.burst() * burst.bandwidth() * this.fleet.burstSeconds() > size.bandwidth() * burstTime) {
			return "bandwidth in a burst (--burst, --within)";
		}
		return "";
	}

	private String advice() {
		return String.format(Locale.ROOT, "with --engine=%s each node receives %,.0f messages a second",
				this.fleet.engine().text(), this.fleet.receptions(MOST_NODES) / MOST_NODES)
				+ ((this.fleet.engine().reached(MOST_NODES, 1) > 1)
						? ". Take an engine that brings a message only to nodes with subscribers: redis-shards, cluster or nats"
						: "");
	}

}
