package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The servers of a fleet that number, store and announce; each works on one core. */
final class Engine {

	/**
	 * What the way through the engine takes beside the work: threads hand over to each
	 * other in the node, the kernel and the server. {@code run journey}: until a message
	 * is stored and relayed 914 µs with Redis, of which 45 are the work, and 41 in
	 * memory.
	 */
	static final long HAND_OVER_NANOS = 828_000;

	private final Timeline timeline;

	private final List<Stage<Runnable>> servers = new ArrayList<>();

	/**
	 * Makes one.
	 * @param machine that each server runs on
	 * @param costNanos of a message
	 */
	Engine(Timeline timeline, Supplier<Machine> machine, int servers, double costNanos) {
		this.timeline = timeline;
		for (int i = 0; i < servers; i++) {
			this.servers
				.add(new Stage<>(timeline, machine.get(), new Program(), costNanos, Integer.MAX_VALUE, Runnable::run));
		}
	}

	/** Stores and announces a message; its topic lies on one of the servers. */
	void publish(SplittableRandom random, Runnable announced) {
		this.servers.get(random.nextInt(this.servers.size()))
			.offer(() -> this.timeline.after(HAND_OVER_NANOS, announced));
	}

	/** The longest queue of one of them. */
	int most() {
		return this.servers.stream().mapToInt(Stage::most).max().orElse(0);
	}

}
