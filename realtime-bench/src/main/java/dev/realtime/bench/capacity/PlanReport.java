package dev.realtime.bench.capacity;

import java.util.Locale;

/** A plan as text, each figure with the arithmetic behind it. */
public final class PlanReport {

	private static final double GIGA = 1e9;

	private static final double KILO = 1e3;

	/** What a node opens beside its connections: files, servers, its own listeners. */
	private static final long OTHER_FILES = 1_000;

	private final StringBuilder text = new StringBuilder();

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

	/** The limit of open files that a node needs with one lost. */
	static long openFiles(Plan plan) {
		return (long) Math.ceil((plan.oneLost().connections() + OTHER_FILES) / KILO) * (long) KILO;
	}

	private String report() {
		asked();
		line("");
		nodes();
		line("");
		engine();
		line("");
		storms();
		line("");
		this.text.append(CostReport.of(this.fleet, this.plan.costs()));
		return this.text.toString();
	}

	private void asked() {
		line("%,d connections, %,.0f events/s to %,.1f subscribers on the mean = %,.0f deliveries/s, %.0f bytes each",
				this.fleet.connections(), this.fleet.events(), this.fleet.fanOut(), this.fleet.deliveries(),
				this.fleet.payload());
		for (Group group : this.fleet.groups()) {
			line("  %,d topics x %,d subscribers x %s/s", group.topics(), group.members(), short4(group.rate()));
		}
		if (this.fleet.burst() > 1) {
			line("  bursts of %.0f times that for %s s, delivered within %s s", this.fleet.burst(),
					short4(this.fleet.burstSeconds()), short4(this.fleet.within()));
		}
	}

	private void nodes() {
		NodeLoad all = this.plan.all();
		NodeLoad lost = this.plan.oneLost();
		NodeSize size = this.fleet.node();
		line("NODES            %,d of %s cores, %.0f GB, %.0f Gbit/s; decided by %s", this.plan.nodes(),
				short4(size.cores()), size.memory() / GIGA, size.bandwidth() / GIGA, this.plan.decidedBy());
		line("                         each of %,8d   with one lost   of which may be used", this.plan.nodes());
		line("  connections       %,16.0f %,15.0f %,15d", all.connections(), lost.connections(), size.connections());
		line("  cores             %,16.2f %,15.2f %,15.2f", all.cores(), lost.cores(),
				size.cores() * size.utilization());
		line("    publishing      %,16.2f %,15.2f   %,.0f events/s x %s µs", all.publishCores(), lost.publishCores(),
				this.fleet.events() / all.nodes(), value("", UnitCost.PUBLISH));
		line("    relay           %,16.2f %,15.2f   %,.0f messages/s x %s µs", all.receiveCores(), lost.receiveCores(),
				this.fleet.receptions(all.nodes()) / all.nodes(), value("", UnitCost.RECEIVE));
		line("    deliveries      %,16.2f %,15.2f   %,.0f deliveries/s x %s µs", all.deliverCores(),
				lost.deliverCores(), this.fleet.deliveries() / all.nodes(),
				value(this.fleet.transport(), UnitCost.DELIVERY));
		line("  memory, GB        %,16.2f %,15.2f %,15.2f", all.memory() / GIGA, lost.memory() / GIGA,
				size.memory() * size.utilization() / GIGA);
		line("  out, Mbit/s       %,16.1f %,15.1f %,15.1f   all nodes: %,.1f Gbit/s", all.out() / 1e6, lost.out() / 1e6,
				size.bandwidth() * size.utilization() / 1e6, all.out() * all.nodes() / GIGA);
		line("  in, Mbit/s        %,16.1f %,15.1f %,15.1f   all nodes: %,.1f Gbit/s", all.in() / 1e6, lost.in() / 1e6,
				size.bandwidth() * size.utilization() / 1e6, all.in() * all.nodes() / GIGA);
		line("  open files        %,16d   (ulimit -n: connections with one lost, and %,d)", openFiles(this.plan),
				OTHER_FILES);
		if (this.fleet.burst() > 1) {
			double seconds = all.burstCores() * this.fleet.burstSeconds() / size.cores();
			line("  burst             %,16.2f cores for %s s of messages, %s to a write: over after %.1f s (%.1f planned)",
					all.burstCores(), short4(this.fleet.burstSeconds()), short4(all.burstMessagesPerWrite()),
					Math.max(seconds, this.fleet.burstSeconds()), this.fleet.burstTime());
		}
		receiving(all);
		line("  in all            %,d cores, %,.0f GB", Math.round(size.cores() * all.nodes()),
				size.memory() * all.nodes() / GIGA);
	}

	/** The connection to a server of the relay is read by one thread. */
	private void receiving(NodeLoad all) {
		int threads = this.fleet.engine().relayThreads(this.plan.engine().stores(), this.fleet.node().cores());
		double seconds = this.fleet.burst() * all.receiveCores() * this.fleet.burstSeconds() / threads;
		line("  relay threads     %,16d   at work for %.1f %% of the time%s", threads,
				100 * all.receiveCores() / threads,
				(this.fleet.burst() > 1) ? String.format(Locale.ROOT, "; a burst takes them %.1f s", seconds) : "");
	}

	private void engine() {
		EngineLoad engine = this.plan.engine();
		String scope = this.fleet.engine().costs();
		String servers = switch (this.fleet.engine()) {
			case NATS ->
				count(engine.stores(), "Redis server") + " that store, " + count(engine.relays(), "NATS server");
			case KAFKA ->
				count(engine.stores(), "Redis server") + " that store, " + count(engine.relays(), "Kafka broker");
			case POSTGRES -> count(engine.stores(), "PostgreSQL core");
			default -> count(engine.stores(), "Redis server");
		};
		line("ENGINE %-9s %s, each with a core of its own", this.fleet.engine().text(), servers);
		line("  a message goes to %.1f of %,d nodes on the mean (%,.0f copies/s)", engine.reached(), this.plan.nodes(),
				this.fleet.receptions(this.plan.nodes()));
		line("  storing           %,16.2f cores = %,.0f events/s x %s µs", storing(scope), this.fleet.events(),
				value(scope, UnitCost.STORE));
		line("  announcing        %,16.2f cores = %,.0f events/s x %s µs + %,.0f copies/s x %s µs",
				engine.storeCores() + engine.relayCores() - storing(scope), this.fleet.events(),
				value(scope, UnitCost.ANNOUNCE), this.fleet.receptions(this.plan.nodes()),
				value(scope, UnitCost.FORWARD));
		line("  out               %,16.1f Gbit/s", engine.out() / GIGA);
		line("  one server        %,16.0f events/s at the most", engine.mostOfOneServer(this.fleet));
		if (!engine.isEnough(this.fleet)) {
			line("  THE ENGINE IS THE LIMIT: with --engine=%s there is one server. Instead:",
					this.fleet.engine().text());
			Remedies.of(this.fleet, this.plan.costs()).forEach(this::line);
		}
	}

	private double storing(String scope) {
		return this.fleet.events() * this.plan.costs().value(scope, UnitCost.STORE) / 1e6;
	}

	private void storms() {
		storm("A LOST NODE", this.plan.lost(), this.plan.nodes() - 1, UnitCost.JOINS);
		storm("A DEPLOY", this.plan.deploy(), this.plan.nodes(), UnitCost.JOINS_AT_A_NEW_NODE);
	}

	private void storm(String what, Storm storm, int nodes, UnitCost cost) {
		line("%-16s %,.0f clients come back to %,d nodes: %,.0f/s each, %,.0f/s in all, %.1f s", what, storm.clients(),
				nodes, storm.perNode(), storm.rate(), storm.seconds());
		line("                 = %s joins per CPU second x the %.2f cores that serve nobody else",
				value(this.fleet.transport(), cost),
				storm.perNode() / this.plan.costs().value(this.fleet.transport(), cost));
	}

	private String value(String scope, UnitCost cost) {
		return short4(this.plan.costs().value(scope, cost));
	}

	private static String count(int number, String what) {
		return String.format(Locale.ROOT, "%,d %s%s", number, what, (number == 1) ? "" : "s");
	}

	/** At most four digits that matter, without zeros behind the point. */
	public static String short4(double value) {
		if (value >= KILO) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		String text = new java.math.BigDecimal(value).round(new java.math.MathContext(4)).toPlainString();
		return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
	}

	private void line(String format, Object... values) {
		this.text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
	}

}
