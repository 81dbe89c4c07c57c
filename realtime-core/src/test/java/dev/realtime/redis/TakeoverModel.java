package dev.realtime.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.realtime.redis.TakeoverWorld.Data;
import dev.realtime.redis.TakeoverWorld.Node;
import dev.realtime.redis.TakeoverWorld.Server;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen, up to a number of steps, to one topic of two nodes on a master and
 * its replica, with the rules of {@link Lineage#TAKEOVER} and {@link ContinuedPartition}.
 * Each step may be followed by any other: a publication is stored, copied, confirmed by
 * the replica or shown without; servers are cut off from each other, crash and are
 * promoted while the other still serves; nodes crash and change between servers.
 * <p>
 * A state is wrong when something is shown of a lineage on a server that has not
 * everything that was shown of it before, or when a server goes on in a lineage although
 * something of a later one was shown that it does not have. Of two masters the one that
 * was promoted later remains, as Sentinel and Redis Cluster have it; what one of them has
 * shown in a later lineage while the other was serving, too, does not count there.
 */
final class TakeoverModel {

	private final Set<Broken> broken;

	private final boolean secondJoins;

	private long states;

	/**
	 * A model.
	 * @param secondJoins whether the second node is not yet known when it begins
	 * @param broken rules that are left out
	 */
	TakeoverModel(boolean secondJoins, Broken... broken) {
		this.secondJoins = secondJoins;
		this.broken = (broken.length == 0) ? EnumSet.noneOf(Broken.class) : EnumSet.copyOf(Arrays.asList(broken));
	}

	/** How many states were seen. */
	long states() {
		return this.states;
	}

	/** Returns the shortest way into a wrong state, or null when there is none. */
	@Nullable List<String> search(int depth) {
		Deque<Step> queue = new ArrayDeque<>();
		Set<TakeoverWorld> seen = new HashSet<>();
		TakeoverWorld start = start();
		queue.add(new Step(start, null, "start", 0));
		seen.add(start);
		while (!queue.isEmpty()) {
			Step step = queue.remove();
			this.states++;
			if (step.world.wrong()) {
				return step.way();
			}
			if (step.depth < depth) {
				new TakeoverSteps(this.broken, step.world, (what, world) -> {
					if (seen.add(world)) {
						queue.add(new Step(world, step, what, step.depth + 1));
					}
				}).all();
			}
		}
		return null;
	}

	private TakeoverWorld start() {
		int nodes = this.secondJoins ? 1 : 3;
		Data data = new Data(1, 1, "", 1, nodes, 0, 0);
		Node first = new Node(true, 0, 1, 1, 0, 1, true, false, false, null);
		Node second = this.secondJoins ? new Node(true, 0, 0, 0, 0, 0, false, true, false, null) : first;
		return new TakeoverWorld(
				List.of(new Server(data, true, true, 1, false, 1), new Server(data, true, false, 1, false, 1)),
				List.of(), true, List.of(first, second), Set.of(), 0, 1, 1, false);
	}

	/** A rule that is left out, to see that it is needed. */
	enum Broken {

		/** Another server goes on without a comparison of what nodes have relied on. */
		NO_COMPARISON,

		/** A node that compares still shows what the server before has answered. */
		NO_PROMISE,

		/** A node shows something before the replicas know it. */
		NO_REGISTRATION,

		/** A node that has promised itself to one server turns to another at once. */
		NOT_BOUND,

		/**
		 * A node that the replicas do not know begins a lineage beside those that they
		 * do.
		 */
		STRANGERS_BEGIN,

		/** Another server goes on as soon as one node has compared. */
		NOT_ALL_NODES

	}

	private record Step(TakeoverWorld world, @Nullable Step before, String what, int depth) {

		List<String> way() {
			List<String> way = (this.before != null) ? this.before.way() : new ArrayList<>();
			way.add(this.what);
			return way;
		}

	}

}
