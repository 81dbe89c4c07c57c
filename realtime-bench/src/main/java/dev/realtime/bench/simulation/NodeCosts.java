package dev.realtime.bench.simulation;

import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.EngineKind;
import dev.realtime.bench.capacity.UnitCost;

/**
 * What the work of a simulated node costs, in nanoseconds of a core.
 *
 * @param publish a publication, in the node whose client publishes
 * @param receive a message from the relay
 * @param write each write to a socket
 * @param frame each message in a write
 * @param join a client that connects and subscribes
 */
record NodeCosts(double publish, double receive, double write, double frame, double join) {

	private static final double MICRO = 1e3;

	private static final double SECOND = 1e9;

	/** Those of the calculator. */
	static NodeCosts of(Costs costs, EngineKind engine, String transport) {
		double frame = MICRO * costs.value(UnitCost.FRAME);
		return new NodeCosts(MICRO * costs.value(engine.costs(), UnitCost.PUBLISH),
				MICRO * costs.value(engine.costs(), UnitCost.RECEIVE_THREAD),
				MICRO * costs.value(transport, UnitCost.DELIVERY) - frame, frame,
				SECOND / costs.value(transport, UnitCost.JOINS));
	}

}
