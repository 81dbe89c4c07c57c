package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** A simulated node: its relay, its shards, and what its clients send. */
final class Node {

	private static final int UNBOUNDED = Integer.MAX_VALUE;

	private final Timeline timeline;

	private final Program program = new Program();

	private final List<Stage<Arrival>> relay;

	private final List<Shard> shards;

	private final Stage<Runnable> inbound;

	private final List<Stage<Runnable>> joining;

	private final SplittableRandom random;

	private int nextJoin;

	/**
	 * Makes one.
	 * @param machine whose cores its threads use
	 * @param written is called with each message that has been written to a socket
	 */
	Node(Timeline timeline, Machine machine, NodeCosts costs, NodeShape shape, SplittableRandom random,
			Shard.Written written) {
		this.timeline = timeline;
		this.random = random.split();
		Shard.Writing writing = new Shard.Writing(costs.write(), costs.frame(), shape.connectionBound());
		int connections = Math.max(1, shape.connections() / shape.shards());
		this.shards = many(shape.shards(), (i) -> new Shard(timeline, machine, this.program, writing, connections,
				this.random.nextLong(), written));
		this.joining = many(shape.shards(),
				(i) -> new Stage<>(timeline, machine, this.program, costs.join(), UNBOUNDED, Runnable::run));
		this.relay = many(shape.relayThreads(), (i) -> new Stage<>(timeline, machine, this.program, costs.receive(),
				shape.relayBound(), this::deliver));
		this.inbound = new Stage<>(timeline, machine, this.program, costs.publish(), UNBOUNDED, Runnable::run);
	}

	private static <T> List<T> many(int count, IntFunction<T> each) {
		List<T> all = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			all.add(each.apply(i));
		}
		return all;
	}

	/** From now on it stalls now and then. */
	void stall(Stalls stalls) {
		stalls.begin(this.timeline, this.program, this.random);
	}

	/** The relay brings a message. */
	void receive(Arrival arrival) {
		this.relay.get(this.random.nextInt(this.relay.size())).offer(arrival);
	}

	/** One of its clients publishes. */
	void publish(Runnable published) {
		this.inbound.offer(published);
	}

	/** A client connects and subscribes. */
	void join(Runnable joined) {
		this.joining.get(this.nextJoin++ % this.joining.size()).offer(joined);
	}

	/** Each subscriber's connection belongs to one of the shards. */
	void deliver(Arrival arrival) {
		int left = arrival.subscribers();
		for (int i = 0; i < this.shards.size() && left > 0; i++) {
			int here = Binomial.draw(this.random, left, 1.0 / (this.shards.size() - i));
			if (here > 0) {
				this.shards.get(i).offer(new Arrival(arrival.meantNanos(), here));
			}
			left -= here;
		}
	}

	long cpuNanos() {
		return this.program.cpuNanos();
	}

	int mostFromRelay() {
		return this.relay.stream().mapToInt(Stage::most).sum();
	}

	long droppedFromRelay() {
		return this.relay.stream().mapToLong(Stage::dropped).sum();
	}

	/** The most deliveries that have waited in all shards, each at its worst time. */
	long mostDeliveries() {
		return this.shards.stream().mapToLong(Shard::most).sum();
	}

	long droppedDeliveries() {
		return this.shards.stream().mapToLong(Shard::dropped).sum();
	}

	long delivered() {
		return this.shards.stream().mapToLong(Shard::delivered).sum();
	}

	long writes() {
		return this.shards.stream().mapToLong(Shard::writes).sum();
	}

}
