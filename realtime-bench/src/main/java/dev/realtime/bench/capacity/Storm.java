package dev.realtime.bench.capacity;

/**
 * Clients that come back at once.
 *
 * @param clients how many
 * @param perNode for each node that is there, a second
 * @param nodesRate for all nodes, a second
 * @param presenceRate that the engine can take into presence, a second
 */
public record Storm(double clients, double perNode, double nodesRate, double presenceRate) {

	private static final double MICRO = 1e-6;

	/**
	 * The clients of one lost node come to the others, which go on serving theirs.
	 */
	static Storm ofALostNode(Fleet fleet, Costs costs, int nodes) {
		NodeLoad others = NodeLoad.of(fleet, costs, nodes - 1);
		double spare = fleet.node().cores() - others.cores();
		return of(fleet, costs, (double) fleet.connections() / nodes,
				spare * costs.value(fleet.transport(), UnitCost.JOINS), nodes - 1);
	}

	/**
	 * All clients come to nodes that have just started, half of whose load is back on the
	 * mean.
	 */
	static Storm ofADeploy(Fleet fleet, Costs costs, int nodes) {
		double spare = fleet.node().cores() - NodeLoad.of(fleet, costs, nodes).cores() / 2;
		return of(fleet, costs, (double) fleet.connections(),
				spare * costs.value(fleet.transport(), UnitCost.JOINS_AT_A_NEW_NODE), nodes);
	}

	private static Storm of(Fleet fleet, Costs costs, double clients, double perNode, int nodes) {
		double presence = EngineLoad.of(fleet, costs, nodes).spareStoreCores()
				/ (costs.value(fleet.engine().storeCosts(), UnitCost.JOIN) * MICRO);
		return new Storm(clients, perNode, perNode * nodes, presence);
	}

	/** Seconds until all are connected and subscribed, if they come as fast as that. */
	double seconds() {
		return this.clients / this.nodesRate;
	}

	/** Seconds until all are in presence as well. */
	double presentSeconds() {
		return this.clients / Math.min(this.nodesRate, this.presenceRate);
	}

}
