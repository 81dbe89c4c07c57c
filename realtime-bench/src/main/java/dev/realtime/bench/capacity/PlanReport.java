package dev.realtime.bench.capacity;

/** A plan as text, each figure with the arithmetic behind it. */
public final class PlanReport {

	private final Lines lines = new Lines();

	private final Plan plan;

	private final Fleet fleet;

	private PlanReport(Plan plan) {
		this.plan = plan;
		this.fleet = plan.fleet();
	}

	/** Prints it. */
	public static String of(Plan plan) {
		return new PlanReport(plan).report();
	}

	private String report() {
		asked();
		this.lines.line("");
		new NodeReport(this.plan, this.lines).print();
		this.lines.line("");
		new EngineReport(this.plan, this.lines).print();
		this.lines.line("");
		storm("A LOST NODE", this.plan.lost(), this.plan.nodes() - 1, UnitCost.JOINS);
		storm("A DEPLOY", this.plan.deploy(), this.plan.nodes(), UnitCost.JOINS_AT_A_NEW_NODE);
		this.lines.line("");
		CostReport.print(this.fleet, this.plan.costs(), this.lines);
		return this.lines.toString();
	}

	private void asked() {
		this.lines.line(
				"%,d connections, %,.0f events/s to %,.1f subscribers on the mean = %,.0f deliveries/s, %.0f bytes each",
				this.fleet.connections(), this.fleet.events(), this.fleet.fanOut(), this.fleet.deliveries(),
				this.fleet.payload());
		for (Group group : this.fleet.groups()) {
			this.lines.line("  %,d topics x %,d subscribers x %s/s", group.topics(), group.members(),
					Lines.short4(group.rate()));
		}
		if (this.fleet.burst() > 1) {
			this.lines.line("  bursts of %.0f times that for %s s, delivered within %s s", this.fleet.burst(),
					Lines.short4(this.fleet.burstSeconds()), Lines.short4(this.fleet.within()));
		}
	}

	private void storm(String what, Storm storm, int nodes, UnitCost cost) {
		String scope = this.fleet.transport();
		double joins = this.plan.costs().value(scope, cost);
		this.lines.line("%-16s %,.0f clients come back to %s", what, storm.clients(), Lines.count(nodes, "node"));
		this.lines.line("  connected       %,17.1f s at %,.0f/s = %s x %.2f spare cores x %s joins per CPU second",
				storm.seconds(), storm.nodesRate(), Lines.count(nodes, "node"), storm.perNode() / joins,
				Lines.short4(joins));
		double join = this.plan.costs().value(this.fleet.engine().storeCosts(), UnitCost.JOIN);
		this.lines.line("  and in presence %,17.1f s; the engine takes %,.0f/s = %.2f spare cores / %s µs",
				storm.presentSeconds(), storm.presenceRate(), storm.presenceRate() * join / 1e6, Lines.short4(join));
	}

}
