package dev.realtime.bench.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The unit costs behind a plan, each with where it comes from. */
final class CostReport {

	private static final List<UnitCost> OF_NODES = List.of(UnitCost.PUBLISH, UnitCost.RECEIVE, UnitCost.FRAME,
			UnitCost.FRAME_BYTES, UnitCost.RELAY_BYTES, UnitCost.SOCKET, UnitCost.PROCESS);

	private static final List<UnitCost> OF_TRANSPORTS = List.of(UnitCost.DELIVERY, UnitCost.DELIVERIES_1000,
			UnitCost.DELIVERIES_5000, UnitCost.CONNECTION, UnitCost.JOINS, UnitCost.JOINS_AT_A_NEW_NODE);

	private static final List<UnitCost> OF_ENGINES = List.of(UnitCost.STORE, UnitCost.ANNOUNCE, UnitCost.FORWARD);

	private CostReport() {
	}

	static String of(Fleet fleet, Costs costs) {
		List<String> lines = new ArrayList<>();
		lines.add("UNIT COSTS, measured on: " + costs.machine());
		OF_TRANSPORTS.forEach((cost) -> lines.add(line(costs, fleet.transport(), cost)));
		OF_NODES.forEach((cost) -> lines.add(line(costs, "", cost)));
		OF_ENGINES.forEach((cost) -> lines.add(line(costs, fleet.engine().costs(), cost)));
		return String.join("\n", lines) + '\n';
	}

	private static String line(Costs costs, String scope, UnitCost unit) {
		Cost cost = costs.of(scope, unit);
		return String.format(Locale.ROOT, "  %10s %-15s %s%s; %s", PlanReport.short4(cost.value()), unit.unit(),
				scope.isEmpty() ? "" : scope + ": ", unit.meaning(), cost.from());
	}

}
