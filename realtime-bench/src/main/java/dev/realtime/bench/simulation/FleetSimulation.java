package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.EngineLoad;
import dev.realtime.bench.capacity.Fleet;
import dev.realtime.bench.capacity.Group;
import dev.realtime.bench.capacity.UnitCost;

/**
 * A fleet whose engine is simulated whole, and of whose nodes some are: nodes are alike,
 * so the clients of some see what the clients of all see. Messages come at random times
 * (Poisson), and each has as many subscribers on a node as chance puts there.
 */
public final class FleetSimulation {

	/** When a message was meant to be sent. */
	public enum Phase {

		/** Before the burst, or between the two. */
		NORMAL,

		/** In the burst and twice the time that it may take. */
		BURST,

		/** After a node has died. */
		A_NODE_LOST

	}

	private static final double SECOND = 1e9;

	/** Comparisons with the log slow the engine down, to this part at the worst. */
	private static final double LEAST_FREE = 0.05;

	private final Timeline timeline = new Timeline();

	private final SplittableRandom random;

	private final Fleet fleet;

	private final int nodes;

	private final Story story;

	private final Engine engine;

	private final List<Node> sample = new ArrayList<>();

	private final Map<Phase, Latencies> latencies = new EnumMap<>(Phase.class);

	private final long publishNanos;

	private int alive;

	private long events;

	private long joined;

	private double allBack = Double.NaN;

	public FleetSimulation(Fleet fleet, Costs costs, int nodes, EngineLoad load, Story story) {
		this.random = new SplittableRandom(story.seed());
		this.fleet = fleet;
		this.nodes = nodes;
		this.alive = nodes;
		this.story = story;
		this.publishNanos = Math.round(costs.value(fleet.engine().costs(), UnitCost.PUBLISH) * 1e3);
		double cost = (load.messageCores() + load.relayCores()) / fleet.events() * SECOND
				/ Math.max(LEAST_FREE, 1 - load.compareCores() / load.stores());
		this.engine = new Engine(this.timeline, () -> new Machine(1), load.stores() + load.relays(), cost);
		for (Phase phase : Phase.values()) {
			this.latencies.put(phase, new Latencies());
		}
		int connections = (int) Math.min(Integer.MAX_VALUE, fleet.connections() / Math.max(1, nodes - 1));
		double cores = fleet.node().cores();
		NodeShape shape = new NodeShape(connections, NodeShape.shards(cores),
				fleet.engine().relayThreads(load.stores(), cores), story.relayBound(), story.connectionBound());
		NodeCosts work = NodeCosts.of(costs, fleet.engine(), fleet.transport());
		for (int i = 0; i < Math.min(story.sampled(), nodes); i++) {
			Node node = new Node(this.timeline, new Machine(cores), work, shape, this.random, this::written);
			node.stall(story.stalls());
			this.sample.add(node);
		}
	}

	/** Simulates it. */
	public Outcome run() {
		for (Group group : this.fleet.groups()) {
			next(group);
		}
		if (this.nodes > 1) {
			this.timeline.at(nanos(this.story.deathAt()), this::die);
		}
		this.timeline.runUntil(nanos(this.story.seconds()));
		return Outcome.of(this.latencies, this.events, this.story.seconds(), this.sample, this.engine, this.joined,
				this.allBack);
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * SECOND);
	}

	private boolean inBurst(long now) {
		return now >= nanos(this.story.burstAt()) && now < nanos(this.story.burstAt() + this.fleet.burstSeconds());
	}

	/** Publishes the group's next message, and again. */
	private void next(Group group) {
		double rate = group.events() * (inBurst(this.timeline.now()) ? this.fleet.burst() : 1);
		this.timeline.after(Stalls.exponential(this.random, SECOND / rate), () -> {
			publish(group);
			next(group);
		});
	}

	private void publish(Group group) {
		this.events++;
		long meant = this.timeline.now();
		Runnable stored = () -> this.engine.publish(this.random, () -> announce(group, meant));
		int node = this.random.nextInt(this.alive);
		if (node < this.sample.size()) {
			this.sample.get(node).publish(stored);
		}
		else {
			// A node that is not simulated, and does its part as the others do.
			this.timeline.after(this.publishNanos, stored);
		}
	}

	private void announce(Group group, long meant) {
		for (Node node : this.sample) {
			int here = Binomial.draw(this.random, group.members(), 1.0 / this.alive);
			if (here > 0 || this.fleet.engine().reached(this.alive, 1) > 1) {
				node.receive(new Arrival(meant, here));
			}
		}
	}

	private void written(int connection, long meant) {
		long latency = this.timeline.now() - meant;
		Latencies of = this.latencies.get(phase(meant));
		if (of != null) {
			of.record(latency);
		}
	}

	private Phase phase(long meant) {
		if (meant >= nanos(this.story.deathAt())) {
			return Phase.A_NODE_LOST;
		}
		double burstEnds = this.story.burstAt() + this.fleet.burstSeconds() + 2 * this.fleet.within();
		return (this.fleet.burst() > 1 && meant >= nanos(this.story.burstAt()) && meant < nanos(burstEnds))
				? Phase.BURST : Phase.NORMAL;
	}

	/** One of the others has died, and its clients come to all that are left. */
	private void die() {
		this.alive--;
		long each = this.fleet.connections() / this.nodes / this.alive;
		long all = each * this.sample.size();
		for (Node node : this.sample) {
			for (long i = 0; i < each; i++) {
				this.timeline.after(this.random.nextLong(1, nanos(this.story.backWithin())),
						() -> node.join(() -> joined(all)));
			}
		}
	}

	private void joined(long all) {
		this.joined++;
		if (this.joined == all) {
			this.allBack = this.timeline.now() / SECOND - this.story.deathAt();
		}
	}

}
