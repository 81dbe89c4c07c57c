package dev.realtime.bench.capacity;

import java.util.Locale;

/**
 * What the engine has to do.
 *
 * @param storeCores of the servers that store (and announce, if there is no relay beside
 * them), at the mean rate
 * @param relayCores of the servers that announce, where those are others
 * @param reached nodes that a message goes to, on the mean
 * @param stores how many servers store
 * @param relays how many servers announce; 0 where those that store do
 * @param out bits a second that leave all of them
 */
public record EngineLoad(double storeCores, double relayCores, double reached, int stores, int relays, double out) {

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
		double out = BITS * receptions * (fleet.payload() + costs.value(UnitCost.RELAY_BYTES));
		double reached = receptions / events;
		if (engine.hasRelay()) {
			return new EngineLoad(store, announce, reached, servers(fleet, store), servers(fleet, announce), out);
		}
		double all = store + announce;
		return new EngineLoad(all, 0, reached, servers(fleet, all), 0, out);
	}

	/**
	 * As many as hold the mean rate at the utilization, and a burst in the time that it
	 * may take.
	 */
	private static int servers(Fleet fleet, double cores) {
		double mean = cores / fleet.node().utilization();
		double burst = cores * fleet.burst() * fleet.burstSeconds() / fleet.burstTime();
		return (int) Math.max(1, Math.ceil(Math.max(mean, burst) / CORES_OF_A_SERVER - 1e-9));
	}

	/** Whether the engine can be had as it was asked for. */
	boolean isEnough(Fleet fleet) {
		return !fleet.engine().isAlone() || this.stores == 1;
	}

	/**
	 * Messages a second of which one server is the limit, at the mean rate or in a burst.
	 */
	double mostOfOneServer(Fleet fleet) {
		double cost = Math.max(this.storeCores, this.relayCores) / fleet.events();
		double mean = fleet.node().utilization() / cost;
		return Math.min(mean, fleet.burstTime() / (fleet.burst() * fleet.burstSeconds() * cost));
	}

}
