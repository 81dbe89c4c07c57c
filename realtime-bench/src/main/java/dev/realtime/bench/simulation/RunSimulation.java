package dev.realtime.bench.simulation;

import java.util.SplittableRandom;

import dev.realtime.bench.scenario.Steady;

/**
 * A run of the benchmark with the nodes and the engine of the fleet's simulation: one
 * topic, one publisher at a fixed rate, and everything (the clients too) on the same few
 * cores. So it can be compared with a real one.
 */
final class RunSimulation {

	private static final double SECOND = 1e9;

	private static final int UNBOUNDED = Integer.MAX_VALUE;

	/** What does not count, as in the real run. */
	private static final long WARM_UP_NANOS = 1_000_000_000L;

	private final Timeline timeline = new Timeline();

	private final SplittableRandom random = new SplittableRandom(1);

	private final Program load = new Program();

	private final Latencies latencies = new Latencies();

	private final Node reading;

	private final Clients clients;

	private final long periodNanos;

	RunSimulation(Steady run, Calibration costs) {
		Machine machine = new Machine(costs.cores());
		NodeShape shape = new NodeShape(run.subscribers(), NodeShape.shards(costs.cores()), 1, UNBOUNDED, UNBOUNDED);
		this.periodNanos = (long) (SECOND / run.rate());
		this.reading = new Node(this.timeline, machine, costs.node(), shape, this.random, this::written);
		this.clients = new Clients(
				this.timeline, machine, this.load, costs.clients(), run.subscribers(), (run.nodes() == 1)
						? inMemory(run.subscribers()) : throughRedis(run.subscribers(), machine, costs, shape),
				this::received);
		this.reading.stall(costs.stalls());
		costs.stalls().begin(this.timeline, this.load, this.random.split());
	}

	private Clients.Sent inMemory(int subscribers) {
		return (meant) -> this.reading.publish(() -> this.reading.deliver(new Arrival(meant, subscribers)));
	}

	/** Published on another node. */
	private Clients.Sent throughRedis(int subscribers, Machine machine, Calibration costs, NodeShape shape) {
		Engine redis = new Engine(this.timeline, () -> machine, 1, costs.store());
		Node publishing = new Node(this.timeline, machine, costs.node(), shape, this.random, (connection, meant) -> {
		});
		return (meant) -> publishing
			.publish(() -> redis.publish(this.random, () -> this.reading.receive(new Arrival(meant, subscribers))));
	}

	RunSimulation run(double seconds) {
		publish(0);
		this.timeline.runUntil((long) (SECOND * seconds) + WARM_UP_NANOS);
		return this;
	}

	Latencies latencies() {
		return this.latencies;
	}

	double readerCores() {
		return this.reading.cpuNanos() / (double) this.timeline.now();
	}

	private void publish(long meant) {
		this.timeline.at(meant, () -> {
			this.clients.publish(meant);
			publish(meant + this.periodNanos);
		});
	}

	private void written(int connection, long meant) {
		this.clients.arrived(connection, meant);
	}

	private void received(long meant) {
		if (meant >= WARM_UP_NANOS) {
			this.latencies.record(this.timeline.now() - meant);
		}
	}

}
