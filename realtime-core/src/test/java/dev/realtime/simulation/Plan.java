package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import dev.realtime.simulation.Operation.Kind;

/**
 * What happens in a run, made from a seed or shrunk from another plan. The seed also
 * decides everything that the plan leaves open: delays, losses, whose turn it is.
 */
record Plan(long seed, int nodes, int clients, int topics, List<Operation> operations) {

	/** How long things happen before the fleet settles. */
	static final int MILLIS = 8_000;

	private static final int MOST_OPERATIONS = 70;

	private static final int TOTAL = Arrays.stream(Kind.values()).mapToInt((kind) -> kind.weight).sum();

	/** Makes the plan of a seed. */
	static Plan of(long seed) {
		Random random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
		int nodes = 1 + random.nextInt(3);
		int clients = 2 + random.nextInt(4);
		int topics = 1 + random.nextInt(3);
		int count = 10 + random.nextInt(MOST_OPERATIONS - 10);
		// Some runs are calm, so that rare faults meet an otherwise healthy fleet.
		int calm = random.nextInt(3);
		List<Operation> operations = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Kind kind = kind(random);
			if (seed % 4 == 0 && kind.losesSilently()) {
				kind = Kind.RELAY_CUT;
			}
			if (calm > 0 && i % (calm + 1) != 0) {
				kind = Kind.PUBLISH;
			}
			operations.add(new Operation(random.nextInt(MILLIS), kind, random.nextInt(1_000), random.nextInt(1_000),
					random.nextInt(10) == 0 ? random.nextInt(6_000) : random.nextInt(800)));
		}
		operations.sort(Comparator.comparingInt(Operation::atMillis));
		return new Plan(seed, nodes, clients, topics, List.copyOf(operations));
	}

	/** Whether no message after the faults tells anybody what is missing. */
	boolean endsQuietly() {
		return this.seed % 3 != 0;
	}

	/** Whether one client reads nothing while the fleet settles. */
	boolean isStuckAtTheEnd() {
		return this.seed % 5 == 1;
	}

	/** Whether messages may be lost without anybody being told. */
	boolean losesSilently() {
		return this.operations.stream().anyMatch((each) -> each.kind().losesSilently());
	}

	Plan with(List<Operation> others) {
		return new Plan(this.seed, this.nodes, this.clients, this.topics, List.copyOf(others));
	}

	private static Kind kind(Random random) {
		int at = random.nextInt(TOTAL);
		for (Kind kind : Kind.values()) {
			at -= kind.weight;
			if (at < 0) {
				return kind;
			}
		}
		throw new IllegalStateException("The weights do not add up");
	}

}
