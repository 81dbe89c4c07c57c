package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The servers of a fleet that number, store and announce; each works on one core. */
final class Engine {

	private final List<Stage<Runnable>> servers = new ArrayList<>();

	Engine(Timeline timeline, int servers, double costNanos) {
		for (int i = 0; i < servers; i++) {
			this.servers.add(new Stage<>(timeline, new Machine(1), new Program(), 0, Math.round(costNanos),
					Integer.MAX_VALUE, Runnable::run));
		}
	}

	/** Stores and announces a message; its topic lies on one of the servers. */
	void publish(SplittableRandom random, Runnable announced) {
		this.servers.get(random.nextInt(this.servers.size())).offer(announced);
	}

	/** The longest queue of one of them. */
	int most() {
		return this.servers.stream().mapToInt(Stage::most).max().orElse(0);
	}

}
