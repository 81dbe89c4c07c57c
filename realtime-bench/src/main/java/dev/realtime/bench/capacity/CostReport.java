package dev.realtime.bench.capacity;

import java.util.List;
import java.util.Locale;

/** The unit costs behind a plan, each with where it comes from. */
final class CostReport {

	private static final List<UnitCost> OF_NODES = List.of(UnitCost.FRAME, UnitCost.FRAME_BYTES, UnitCost.RELAY_BYTES,
			UnitCost.SOCKET, UnitCost.PROCESS);

	private static final List<UnitCost> OF_TRANSPORTS = List.of(UnitCost.DELIVERY, UnitCost.CONNECTION, UnitCost.HEAP,
			UnitCost.JOINS, UnitCost.JOINS_AT_A_NEW_NODE);

	private static final List<UnitCost> OF_ENGINES = List.of(UnitCost.PUBLISH, UnitCost.RECEIVE,
			UnitCost.RECEIVE_THREAD, UnitCost.STORE, UnitCost.ANNOUNCE, UnitCost.FORWARD);

	private static final List<UnitCost> OF_STORES = List.of(UnitCost.COMPARE, UnitCost.JOIN);

	private CostReport() {
	}

	static void print(Fleet fleet, Costs costs, Lines lines) {
		lines.line("UNIT COSTS, measured on: %s", costs.machine());
		OF_TRANSPORTS.forEach((cost) -> lines.line("%s", line(costs, fleet.transport(), cost)));
		OF_NODES.forEach((cost) -> lines.line("%s", line(costs, "", cost)));
		OF_ENGINES.forEach((cost) -> lines.line("%s", line(costs, fleet.engine().costs(), cost)));
		OF_STORES.forEach((cost) -> lines.line("%s", line(costs, fleet.engine().storeCosts(), cost)));
	}

	private static String line(Costs costs, String scope, UnitCost unit) {
		Cost cost = costs.of(scope, unit);
		return String.format(Locale.ROOT, "  %10s %-15s %s%s; %s", Lines.short4(cost.value()), unit.unit(),
				scope.isEmpty() ? "" : scope + ": ", unit.meaning(), cost.from());
	}

}
