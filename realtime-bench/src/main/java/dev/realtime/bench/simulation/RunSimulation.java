package dev.realtime.bench.simulation;

import java.util.SplittableRandom;

/**
 * A run of the benchmark: one topic, one publisher at a fixed rate, and everything (the
 * clients too) on the same few cores. So it can be compared with a real one.
 */
final class RunSimulation {

	private static final double MICRO = 1e3;

	private static final double SECOND = 1e9;

	private static final int UNBOUNDED = Integer.MAX_VALUE;

	/**
	 * What the way through Redis takes beside the work that is simulated: threads that
	 * hand over to each other. {@code run journey} has the whole: 0.9 ms.
	 */
	private static final long REDIS_NANOS = 600_000L;

	/** What does not count, as in the real run. */
	private static final long WARM_UP_NANOS = 1_000_000_000L;

	private final Timeline timeline = new Timeline();

	private final Program reader = new Program();

	private final Program load = new Program();

	private final Latencies latencies = new Latencies();

	private final Clients clients;

	private final long periodNanos;

	private final double seconds;

	RunSimulation(int nodes, int subscribers, double rate, double cores, RunCosts costs, Stalls stalls, double seconds,
			long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		Machine machine = new Machine(cores);
		long wake = nanos(costs.wake());
		this.periodNanos = (long) (SECOND / rate);
		this.seconds = seconds;
		Shard.Writing writing = new Shard.Writing(MICRO * costs.write(), MICRO * costs.frame(), UNBOUNDED);
		Shard[] shard = new Shard[1];
		Stage<Long> relay = new Stage<>(this.timeline, machine, this.reader, wake, nanos(costs.receive()), UNBOUNDED,
				(meant) -> shard[0].offer(new Arrival(meant, subscribers)));
		Stage<Long> store = new Stage<>(this.timeline, machine, new Program(), wake, nanos(costs.store()), UNBOUNDED,
				(meant) -> this.timeline.after(REDIS_NANOS, () -> relay.offer(meant)));
		Program publisher = (nodes == 1) ? this.reader : new Program();
		Stage<Long> inbound = new Stage<>(this.timeline, machine, publisher, wake, nanos(costs.publish()), UNBOUNDED,
				(nodes == 1) ? (meant) -> shard[0].offer(new Arrival(meant, subscribers)) : store::offer);
		this.clients = new Clients(this.timeline, machine, this.load, wake,
				new Clients.Costs(MICRO * costs.send(), MICRO * costs.read(), MICRO * costs.message()), subscribers,
				inbound::offer, this::received);
		shard[0] = new Shard(this.timeline, machine, this.reader, wake, writing, subscribers, random.nextLong(),
				this.clients::arrived);
		stalls.begin(this.timeline, this.reader, random.split());
		stalls.begin(this.timeline, this.load, random.split());
	}

	RunSimulation run() {
		publish(0);
		this.timeline.runUntil((long) (SECOND * this.seconds) + WARM_UP_NANOS);
		return this;
	}

	Latencies latencies() {
		return this.latencies;
	}

	double readerCores() {
		return this.reader.cpuNanos() / (double) this.timeline.now();
	}

	double loadCores() {
		return this.load.cpuNanos() / (double) this.timeline.now();
	}

	private void publish(long meant) {
		this.timeline.at(meant, () -> {
			this.clients.publish(meant);
			publish(meant + this.periodNanos);
		});
	}

	private void received(long meant) {
		if (meant >= WARM_UP_NANOS) {
			this.latencies.record(this.timeline.now() - meant);
		}
	}

	private static long nanos(double micros) {
		return Math.round(MICRO * micros);
	}

}
