package dev.realtime.bench.capacity;

import java.util.Locale;

/** What each node of a plan needs. */
final class NodeReport {

	private static final double MEGA = 1e6;

	private static final double GIGA = 1e9;

	private static final long KILO = 1_000;

	/** What a node opens beside its connections: files, servers, its own listeners. */
	private static final long OTHER_FILES = 1_000;

	private final Plan plan;

	private final Lines lines;

	private final Fleet fleet;

	private final NodeLoad all;

	private final NodeLoad lost;

	private final NodeSize size;

	NodeReport(Plan plan, Lines lines) {
		this.plan = plan;
		this.lines = lines;
		this.fleet = plan.fleet();
		this.all = plan.all();
		this.lost = plan.oneLost();
		this.size = this.fleet.node();
	}

	/** The limit of open files that a node needs with one lost. */
	static long openFiles(Plan plan) {
		return (long) Math.ceil((plan.oneLost().connections() + OTHER_FILES) / KILO) * KILO;
	}

	void print() {
		this.lines.line("NODES            %,d of %s cores, %.0f GB, %.0f Gbit/s; decided by %s", this.plan.nodes(),
				Lines.short4(this.size.cores()), this.size.memory() / GIGA, this.size.bandwidth() / GIGA,
				this.plan.decidedBy());
		this.lines.line("                         each of %,8d   with one lost   of which may be used",
				this.plan.nodes());
		row("connections", "%,.0f", this.all.connections(), this.lost.connections(),
				String.format(Locale.ROOT, "%,15d", this.size.connections()));
		cores();
		memory();
		bandwidth("out, Mbit/s", this.all.out(), this.lost.out());
		bandwidth("in, Mbit/s", this.all.in(), this.lost.in());
		this.lines.line("  open files        %,32d   ulimit -n: connections with one lost, and %,d",
				openFiles(this.plan), OTHER_FILES);
		burst();
		relayThreads();
		this.lines.line("  in all            %,d cores, %,.0f GB", Math.round(this.size.cores() * this.all.nodes()),
				this.size.memory() * this.all.nodes() / GIGA);
	}

	private void cores() {
		int nodes = this.all.nodes();
		String engine = this.fleet.engine().costs();
		row("cores", "%.2f", this.all.cores(), this.lost.cores(), usable(this.size.cores()));
		row("  publishing", "%.2f", this.all.publishCores(), this.lost.publishCores(),
				arithmetic(this.fleet.events() / nodes, "events/s", engine, UnitCost.PUBLISH));
		row("  relay", "%.2f", this.all.receiveCores(), this.lost.receiveCores(),
				arithmetic(this.fleet.receptions(nodes) / nodes, "messages/s", engine, UnitCost.RECEIVE));
		row("  deliveries", "%.2f", this.all.deliverCores(), this.lost.deliverCores(),
				arithmetic(this.fleet.deliveries() / nodes, "deliveries/s", this.fleet.transport(), UnitCost.DELIVERY));
	}

	private void memory() {
		NodeMemory each = this.all.memory();
		NodeMemory more = this.lost.memory();
		String twice = "  " + NodeMemory.FACTOR + " x an idle connection's";
		row("memory, GB", "%.2f", each.all() / GIGA, more.all() / GIGA, usable(this.size.memory() / GIGA));
		row("  process", "%.2f", each.process() / GIGA, more.process() / GIGA, "");
		row("  heap", "%.2f", each.heap() / GIGA, more.heap() / GIGA, twice);
		row("  direct", "%.2f", each.direct() / GIGA, more.direct() / GIGA, twice);
		row("  sockets", "%.2f", each.sockets() / GIGA, more.sockets() / GIGA, "  the kernel's");
	}

	private void bandwidth(String name, double each, double more) {
		row(name, "%,.1f", each / MEGA, more / MEGA, usable(this.size.bandwidth() / MEGA)
				+ String.format(Locale.ROOT, "   all nodes: %,.1f Gbit/s", each * this.all.nodes() / GIGA));
	}

	private void burst() {
		if (this.fleet.burst() > 1) {
			double seconds = this.all.burstCores() * this.fleet.burstSeconds() / this.size.cores();
			this.lines.line(
					"  burst             %,16.2f cores for %s s of messages, %s to a write: over after %.1f s (%.1f planned)",
					this.all.burstCores(), Lines.short4(this.fleet.burstSeconds()),
					Lines.short4(this.all.burstMessagesPerWrite()), Math.max(seconds, this.fleet.burstSeconds()),
					this.fleet.burstTime());
		}
	}

	/** The connection to a server of the relay is read by one thread. */
	private void relayThreads() {
		int threads = this.fleet.engine().relayThreads(this.plan.engine().stores(), this.size.cores());
		double each = this.all.receiveThreadCores() / threads;
		double seconds = this.fleet.burst() * each * this.fleet.burstSeconds();
		this.lines.line("  relay threads     %,16d   at work for %.1f %% of the time%s", threads, 100 * each,
				(this.fleet.burst() > 1) ? String.format(Locale.ROOT, "; a burst takes them %.1f s", seconds) : "");
	}

	private void row(String name, String format, double each, double more, String rest) {
		this.lines.line("  %-17s %16s %15s %s", name, String.format(Locale.ROOT, format, each),
				String.format(Locale.ROOT, format, more), rest);
	}

	private String usable(double all) {
		return String.format(Locale.ROOT, "%,15.2f", all * this.size.utilization());
	}

	private String arithmetic(double many, String what, String scope, UnitCost cost) {
		return String.format(Locale.ROOT, "  %,.0f %s x %s µs", many, what,
				Lines.short4(this.plan.costs().value(scope, cost)));
	}

}
