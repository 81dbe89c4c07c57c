package dev.realtime.bench.capacity;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the same fleet needs with the engines that may have several servers. */
final class Remedies {

	private Remedies() {
	}

	static List<String> of(Fleet fleet, Costs costs) {
		return Arrays.stream(EngineKind.values())
			.filter((engine) -> !engine.isAlone())
			.map((engine) -> remedy(fleet.with(engine), costs))
			.toList();
	}

	private static String remedy(Fleet fleet, Costs costs) {
		String start = String.format(Locale.ROOT, "    --engine=%-13s ", fleet.engine().text());
		try {
			Plan plan = new Calculator(fleet, costs).plan();
			return start + String.format(Locale.ROOT, "%s, %s", Lines.count(plan.nodes(), "node"),
					Lines.count(plan.engine().stores() + plan.engine().relays(), "server"));
		}
		catch (IllegalArgumentException ex) {
			return start + "no number of nodes is enough: each receives every message";
		}
	}

}
