package dev.realtime.bench.capacity;

/**
 * Clients that come back at once.
 *
 * @param clients how many
 * @param perNode for each node that is there, a second
 * @param rate for all of them, a second
 * @param seconds until all are back, if they do not come faster than they are served
 */
public record Storm(double clients, double perNode, double rate, double seconds) {

	/**
	 * The clients of one lost node come to the others, which serve everybody else as
	 * well.
	 */
	static Storm ofALostNode(Fleet fleet, Costs costs, int nodes) {
		NodeLoad others = NodeLoad.of(fleet, costs, nodes - 1);
		double spare = fleet.node().cores() - others.cores();
		return of((double) fleet.connections() / nodes, spare * costs.value(fleet.transport(), UnitCost.JOINS),
				nodes - 1);
	}

	/**
	 * All clients come to nodes that have just started, half of whose load is back on the
	 * mean.
	 */
	static Storm ofADeploy(Fleet fleet, Costs costs, int nodes) {
		double spare = fleet.node().cores() - NodeLoad.of(fleet, costs, nodes).cores() / 2;
		return of((double) fleet.connections(), spare * costs.value(fleet.transport(), UnitCost.JOINS_AT_A_NEW_NODE),
				nodes);
	}

	private static Storm of(double clients, double perNode, int nodes) {
		double rate = perNode * nodes;
		return new Storm(clients, perNode, rate, clients / rate);
	}

}
