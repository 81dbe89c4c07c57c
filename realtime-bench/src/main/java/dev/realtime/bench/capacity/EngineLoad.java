package dev.realtime.bench.capacity;

/**
 * What the engine has to do at the mean rate.
 *
 * @param messageCores of the servers that store (and announce, if there is no relay
 * beside them), for messages
 * @param compareCores of the same servers, for the nodes' comparisons with the log
 * @param relayCores of the servers that announce, where those are others
 * @param reached nodes that a message goes to, on the mean
 * @param stores how many servers store
 * @param relays how many servers announce; 0 where those that store do
 * @param out bits a second that leave all servers that announce
 */
public record EngineLoad(double messageCores, double compareCores, double relayCores, double reached, int stores,
		int relays, double out) {

	/** A Redis works on one core; of another server as much counts as one server. */
	private static final double CORES_OF_A_SERVER = 1;

	private static final double MICRO = 1e-6;

	private static final int BITS = 8;

	/** Calculates it for so many nodes. */
	public static EngineLoad of(Fleet fleet, Costs costs, int nodes) {
		EngineKind engine = fleet.engine();
		String scope = engine.costs();
		double events = fleet.events();
		double receptions = fleet.receptions(nodes);
		double store = events * costs.value(scope, UnitCost.STORE) * MICRO;
		double announce = (events * costs.value(scope, UnitCost.ANNOUNCE)
				+ receptions * costs.value(scope, UnitCost.FORWARD)) * MICRO;
		double compare = fleet.comparisons(nodes) * costs.value(engine.storeCosts(), UnitCost.COMPARE) * MICRO;
		double out = BITS * receptions * (fleet.payload() + costs.value(UnitCost.RELAY_BYTES));
		double reached = receptions / events;
		if (engine.hasRelay()) {
			return new EngineLoad(store, compare, announce, reached, servers(fleet, store, compare, 0),
					servers(fleet, announce, 0, out), out);
		}
		double messages = store + announce;
		return new EngineLoad(messages, compare, 0, reached, servers(fleet, messages, compare, out), 0, out);
	}

	/**
	 * As many as hold the mean rate at the utilization, and a burst of messages in the
	 * time that it may take; each has the network of a node.
	 */
	private static int servers(Fleet fleet, double messages, double compare, double out) {
		double utilization = fleet.node().utilization();
		double burst = fleet.burst() * fleet.burstSeconds() / fleet.burstTime();
		double cores = Math.max((messages + compare) / utilization, messages * burst + compare) / CORES_OF_A_SERVER;
		double network = out * Math.max(1 / utilization, burst) / fleet.node().bandwidth();
		return (int) Math.max(1, Math.ceil(Math.max(cores, network) - 1e-9));
	}

	/** Whether the engine can be had as it was asked for. */
	boolean isEnough(Fleet fleet) {
		return !fleet.engine().isAlone() || this.stores == 1;
	}

	/** Cores of the servers that store. */
	double storeCores() {
		return this.messageCores + this.compareCores;
	}

	/** Cores that those do not need at the mean rate, for clients that come back. */
	double spareStoreCores() {
		return this.stores * CORES_OF_A_SERVER - storeCores();
	}

}
