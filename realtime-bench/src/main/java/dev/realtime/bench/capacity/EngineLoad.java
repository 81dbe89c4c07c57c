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
		double burst = cores * fleet.burst() * fleet.burstSeconds() / (fleet.burstSeconds() + fleet.within());
		return (int) Math.max(1, Math.ceil(Math.max(mean, burst) / CORES_OF_A_SERVER - 1e-9));
	}

	/** Whether the engine can be had as it was asked for. */
	boolean isEnough(Fleet fleet) {
		return !fleet.engine().isAlone() || this.stores == 1;
	}

	/** What to do where one server is not enough, or forwarding is most of the work. */
	String remedy(Fleet fleet, Costs costs, int nodes) {
		double forwarding = fleet.receptions(nodes) * costs.value(fleet.engine().costs(), UnitCost.FORWARD) * MICRO;
		double all = this.storeCores + this.relayCores;
		if (isEnough(fleet)) {
			return "";
		}
		if (fleet.engine() == EngineKind.POSTGRES) {
			return "One PostgreSQL is not enough: take realtime.broker=redis";
		}
		return String.format(Locale.ROOT,
				"One server is not enough, %.0f %% of its work is sending announcements to nodes: %s",
				100 * forwarding / all,
				(forwarding > all / 2)
						? "take NATS for announcing (--engine=nats), with several Redis servers that store"
						: "take several servers (--engine=redis-shards or cluster)");
	}

}
