package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.realtime.bench.capacity.Costs;
import dev.realtime.bench.capacity.Fleet;
import dev.realtime.bench.capacity.UnitCost;

/** A node of a simulated fleet: its relay, its shards, and what its clients send. */
final class Node {

	/** As of the hub: one for every second core. */
	private static final int CORES_A_SHARD = 2;

	private static final double MICRO = 1e3;

	private static final double SECOND = 1e9;

	/** What waking a thread costs and delays, in nanoseconds. */
	private static final long WAKE_NANOS = 20_000;

	private final Program program = new Program();

	private final List<Stage<Arrival>> relay = new ArrayList<>();

	private final List<Shard> shards = new ArrayList<>();

	private final Stage<Runnable> inbound;

	private final List<Stage<Runnable>> joining = new ArrayList<>();

	private final SplittableRandom random;

	private int nextJoin;

	Node(Timeline timeline, Fleet fleet, Costs costs, int connections, int relayThreads, Story story,
			SplittableRandom random, Shard.Written written) {
		this.random = random.split();
		Machine machine = new Machine(fleet.node().cores());
		double frame = MICRO * costs.value(UnitCost.FRAME);
		Shard.Writing writing = new Shard.Writing(MICRO * costs.value(fleet.transport(), UnitCost.DELIVERY) - frame,
				frame, story.connectionBound());
		int count = Math.max(1, (int) fleet.node().cores() / CORES_A_SHARD);
		for (int i = 0; i < count; i++) {
			this.shards.add(new Shard(timeline, machine, this.program, WAKE_NANOS, writing,
					Math.max(1, connections / count), this.random.nextLong(), written));
			this.joining.add(new Stage<>(timeline, machine, this.program, WAKE_NANOS,
					(long) (SECOND / costs.value(fleet.transport(), UnitCost.JOINS)), Integer.MAX_VALUE,
					Runnable::run));
		}
		for (int i = 0; i < relayThreads; i++) {
			this.relay.add(new Stage<>(timeline, machine, this.program, WAKE_NANOS,
					(long) (MICRO * costs.value(UnitCost.RECEIVE)), story.relayBound(), this::spread));
		}
		this.inbound = new Stage<>(timeline, machine, this.program, WAKE_NANOS,
				(long) (MICRO * costs.value(UnitCost.PUBLISH)), Integer.MAX_VALUE, Runnable::run);
		story.stalls().begin(timeline, this.program, this.random);
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
	private void spread(Arrival arrival) {
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
