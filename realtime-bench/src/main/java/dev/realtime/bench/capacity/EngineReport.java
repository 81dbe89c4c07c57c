package dev.realtime.bench.capacity;

/** What the engine of a plan needs. */
final class EngineReport {

	private final Plan plan;

	private final Lines lines;

	private final Fleet fleet;

	private final EngineLoad load;

	EngineReport(Plan plan, Lines lines) {
		this.plan = plan;
		this.lines = lines;
		this.fleet = plan.fleet();
		this.load = plan.engine();
	}

	void print() {
		double events = this.fleet.events();
		double copies = this.fleet.receptions(this.plan.nodes());
		double comparisons = this.fleet.comparisons(this.plan.nodes());
		double store = value(UnitCost.STORE);
		this.lines.line("ENGINE           %s: %s; each has a core of its own", this.fleet.engine().text(), servers());
		this.lines.line("  a message goes to %.1f of %,d nodes on the mean (%,.0f copies/s)", this.load.reached(),
				this.plan.nodes(), copies);
		this.lines.line("  storing           %,16.2f cores = %,.0f events/s x %s µs", events * store / 1e6, events,
				Lines.short4(store));
		this.lines.line("  announcing        %,16.2f cores = %,.0f events/s x %s µs + %,.0f copies/s x %s µs",
				this.load.messageCores() + this.load.relayCores() - events * store / 1e6, events,
				Lines.short4(value(UnitCost.ANNOUNCE)), copies, Lines.short4(value(UnitCost.FORWARD)));
		this.lines.line("  comparing         %,16.2f cores = %,.0f topics/s x %s µs, every %s s in each node",
				this.load.compareCores(), comparisons,
				Lines.short4(this.plan.costs().value(this.fleet.engine().storeCosts(), UnitCost.COMPARE)),
				Lines.short4(this.fleet.checkInterval()));
		this.lines.line("  out               %,16.1f Gbit/s", this.load.out() / 1e9);
		if (!this.load.isEnough(this.fleet)) {
			this.lines.line("  THE ENGINE IS THE LIMIT: with --engine=%s there is one server. Instead:",
					this.fleet.engine().text());
			Remedies.of(this.fleet, this.plan.costs()).forEach((remedy) -> this.lines.line("%s", remedy));
		}
	}

	private String servers() {
		String stores = Lines.count(this.load.stores(),
				(this.fleet.engine() == EngineKind.POSTGRES) ? "PostgreSQL core" : "Redis server");
		return switch (this.fleet.engine()) {
			case NATS -> stores + " that store, " + Lines.count(this.load.relays(), "NATS server");
			case RABBIT -> stores + " that store, " + Lines.count(this.load.relays(), "RabbitMQ server");
			case KAFKA -> stores + " that store, " + Lines.count(this.load.relays(), "Kafka broker");
			default -> stores;
		};
	}

	private double value(UnitCost cost) {
		return this.plan.costs().value(this.fleet.engine().costs(), cost);
	}

}
