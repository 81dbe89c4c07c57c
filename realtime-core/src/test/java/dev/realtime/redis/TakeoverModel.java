package dev.realtime.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

	private static final int MESSAGES = 2;

	private static final int LIVES = 3;

	private static final int LINEAGES = 3;

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
		Set<World> seen = new HashSet<>();
		World start = start();
		queue.add(new Step(start, null, "start", 0));
		seen.add(start);
		while (!queue.isEmpty()) {
			Step step = queue.remove();
			this.states++;
			if (step.world.wrong) {
				return step.way();
			}
			if (step.depth < depth) {
				new Next(step.world, (what, world) -> {
					if (seen.add(world)) {
						queue.add(new Step(world, step, what, step.depth + 1));
					}
				}).all();
			}
		}
		return null;
	}

	private World start() {
		int nodes = this.secondJoins ? 1 : 3;
		Data data = new Data(1, 1, "", 1, nodes, 0, 0);
		Node first = new Node(true, 0, 1, 1, 0, 1, true, false, false, null);
		Node second = this.secondJoins ? new Node(true, 0, 0, 0, 0, 0, false, true, false, null) : first;
		return new World(List.of(new Server(data, true, true, 1, false, 1), new Server(data, true, false, 1, false, 1)),
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

	/**
	 * What a server keeps of the partition.
	 *
	 * @param log messages of the lineage; the mark is their number
	 * @param nodes registered ones, a bit each
	 * @param first the life for which the first node has compared, second likewise
	 */
	private record Data(int lineage, int term, String log, int life, int nodes, int first, int second) {

		int mark() {
			return this.log.length();
		}

		Data with(int node) {
			return new Data(this.lineage, this.term, this.log, this.life, this.nodes | 1 << node, this.first,
					this.second);
		}

		Data without(int node) {
			return new Data(this.lineage, this.term, this.log, this.life, this.nodes & ~(1 << node), this.first,
					this.second);
		}

		Data compared(int node, int here) {
			return new Data(this.lineage, this.term, this.log, this.life, this.nodes, (node == 0) ? here : this.first,
					(node == 1) ? here : this.second);
		}

		boolean has(int node) {
			return (this.nodes & 1 << node) != 0;
		}

		boolean hasCompared(int node, int here) {
			return ((node == 0) ? this.first : this.second) == here;
		}

	}

	private record Server(Data data, boolean alive, boolean master, int life, boolean late, int promoted) {

		Server with(Data next) {
			return new Server(next, this.alive, this.master, this.life, this.late, this.promoted);
		}

		boolean serves() {
			return this.alive && this.master;
		}

	}

	/** What was answered and is not yet shown. */
	private record Pending(int lineage, int term, int life, int mark, char message) {
	}

	private record Node(boolean alive, int server, int lineage, int term, int relied, int life, boolean open,
			boolean unregistered, boolean bound, @Nullable Pending pending) {

		Node holding(@Nullable Pending next) {
			return new Node(this.alive, this.server, this.lineage, this.term, this.relied, this.life, this.open,
					this.unregistered, this.bound, next);
		}

		Node shut(int promised) {
			return new Node(this.alive, this.server, this.lineage, this.term, this.relied, promised, false,
					this.unregistered, true, this.pending);
		}

		Node at(int next) {
			return new Node(this.alive, next, this.lineage, this.term, this.relied, this.life, this.open,
					this.unregistered, this.bound, this.pending);
		}

	}

	/**
	 * All there is.
	 *
	 * @param stream what the replica has not yet got
	 * @param shown {@code lineage:number:message}, and whether two masters served then
	 */
	private record World(List<Server> servers, List<Data> stream, boolean linked, List<Node> nodes, Set<String> shown,
			int messages, int lives, int lineages, boolean wrong) {

		World server(int index, Server server) {
			List<Server> next = new ArrayList<>(this.servers);
			next.set(index, server);
			return new World(next, this.stream, this.linked, this.nodes, this.shown, this.messages, this.lives,
					this.lineages, this.wrong);
		}

		/** A change of a master's data, which its replica gets later. */
		World written(int index, Data data) {
			World next = server(index, this.servers.get(index).with(data));
			if (!this.linked || this.servers.get(1 - index).serves()) {
				return next;
			}
			List<Data> longer = new ArrayList<>(this.stream);
			longer.add(data);
			return next.streaming(longer, true);
		}

		World streaming(List<Data> stream, boolean linked) {
			return new World(this.servers, stream, linked, this.nodes, this.shown, this.messages, this.lives,
					this.lineages, this.wrong);
		}

		World node(int index, Node node) {
			List<Node> next = new ArrayList<>(this.nodes);
			next.set(index, node);
			return new World(this.servers, this.stream, this.linked, next, this.shown, this.messages, this.lives,
					this.lineages, this.wrong);
		}

		World counted(int messages, int lives, int lineages) {
			return new World(this.servers, this.stream, this.linked, this.nodes, this.shown, this.messages + messages,
					this.lives + lives, this.lineages + lineages, this.wrong);
		}

		World showing(Collection<String> shown, boolean wrong) {
			return new World(this.servers, this.stream, this.linked, this.nodes, new TreeSet<>(shown), this.messages,
					this.lives, this.lineages, wrong);
		}

		/**
		 * Whether the server has all that was shown of its lineage, and there is no later
		 * one.
		 */
		boolean isMissing(Data data, boolean later) {
			for (String each : this.shown) {
				String[] words = each.split(":", -1);
				int lineage = Integer.parseInt(words[0]);
				int number = Integer.parseInt(words[1]);
				if (lineage == data.lineage
						&& (number > data.mark() || data.log.charAt(number - 1) != words[2].charAt(0))) {
					return true;
				}
				if (later && lineage > data.lineage && !words[3].equals("fork")) {
					return true;
				}
			}
			return false;
		}

	}

	private record Step(World world, @Nullable Step before, String what, int depth) {

		List<String> way() {
			List<String> way = (this.before != null) ? this.before.way() : new ArrayList<>();
			way.add(this.what);
			return way;
		}

	}

	private interface Found {

		void add(String what, World world);

	}

	/** All states that can follow one. */
	private final class Next {

		private final World world;

		private final Found found;

		Next(World world, Found found) {
			this.world = world;
			this.found = found;
		}

		void all() {
			for (int i = 0; i < 2; i++) {
				Node node = this.world.nodes.get(i);
				if (node.alive) {
					node(i, node);
				}
				else {
					forget(i);
				}
				server(i, this.world.servers.get(i));
			}
			if (this.world.linked && !this.world.stream.isEmpty()) {
				int replica = this.world.servers.get(0).master ? 1 : 0;
				Server server = this.world.servers.get(replica);
				this.found.add("copy", this.world.server(replica, server.with(this.world.stream.get(0)))
					.streaming(this.world.stream.subList(1, this.world.stream.size()), true));
			}
			if (this.world.linked) {
				this.found.add("cut", this.world.streaming(List.of(), false));
			}
		}

		private void server(int i, Server server) {
			Server other = this.world.servers.get(1 - i);
			if (server.alive) {
				this.found.add("server " + i + " crashes",
						this.world
							.server(i,
									new Server(server.data, false, server.master, server.life, server.late,
											server.promoted))
							.streaming(List.of(), false));
			}
			if (server.alive && !server.master && this.world.lives < LIVES) {
				this.found.add("server " + i + " is promoted",
						this.world
							.server(i,
									new Server(server.data, true, true, this.world.lives + 1, false,
											server.promoted + 1))
							.streaming(List.of(), false)
							.counted(0, 1, 0));
			}
			if (other.serves() && !this.world.linked && other.promoted >= server.promoted) {
				this.found.add("server " + i + " follows the other",
						this.world.server(i, new Server(other.data, true, false, other.life, false, other.promoted))
							.streaming(List.of(), true));
			}
			if (!server.alive && server.master && !this.world.linked && this.world.lives < LIVES) {
				this.found
					.add("server " + i + " starts again with its data",
							this.world
								.server(i,
										new Server(server.data, true, true, this.world.lives + 1, false,
												server.promoted))
								.counted(0, 1, 0));
			}
		}

		/** The lease of a node that is gone is over. */
		private void forget(int node) {
			for (int i = 0; i < 2; i++) {
				Server server = this.world.servers.get(i);
				if (server.serves() && server.data.life == server.life && server.data.has(node)) {
					this.found.add("node " + node + " is forgotten on " + i,
							this.world.written(i, server.data.without(node)));
				}
			}
		}

		private void node(int i, Node node) {
			this.found.add("node " + i + " crashes", this.world.node(i, new Node(false, node.server, node.lineage,
					node.term, node.relied, node.life, false, false, false, null)));
			if (this.world.servers.get(1 - node.server).serves()) {
				this.found.add("node " + i + " changes the server", this.world.node(i, node.at(1 - node.server)));
			}
			if (node.bound) {
				unbind(i, node);
			}
			Server server = this.world.servers.get(node.server);
			if (!server.serves()) {
				return;
			}
			publish(i, node, server);
			show(i, node, server);
			compare(i, node, server, false);
			compare(i, node, server, true);
			register(i, node, server);
		}

		/** So much later the server waits for its nodes no longer either. */
		private void unbind(int i, Node node) {
			World next = this.world.node(i, new Node(true, node.server, node.lineage, node.term, node.relied, node.life,
					node.open, node.unregistered, false, node.pending));
			for (int each = 0; each < 2; each++) {
				Server server = next.servers.get(each);
				if (server.life == node.life && server.data.life != server.life) {
					next = next.server(each,
							new Server(server.data, server.alive, server.master, server.life, true, server.promoted));
				}
			}
			this.found.add("node " + i + " is free again", next);
		}

		/** Whether the server knows another node whose lease is not over. */
		private boolean hasOthers(int i, Data data) {
			return data.has(1 - i) && this.world.nodes.get(1 - i).alive;
		}

		private void publish(int i, Node node, Server server) {
			Data data = server.data;
			if (!node.open || node.pending != null || this.world.messages == MESSAGES || data.life != server.life
					|| data.lineage != node.lineage || data.term != node.term || !data.has(i)) {
				return;
			}
			char message = (char) ('a' + this.world.messages);
			Data longer = new Data(data.lineage, data.term, data.log + message, data.life, data.nodes, data.first,
					data.second);
			this.found.add("node " + i + " publishes on " + node.server,
					this.world.written(node.server, longer)
						.node(i, node.holding(new Pending(node.lineage, node.term, node.life, longer.mark(), message)))
						.counted(1, 0, 0));
		}

		/** Also what the replica has not confirmed in time. */
		private void show(int i, Node node, Server server) {
			Pending pending = node.pending;
			if (pending == null) {
				return;
			}
			boolean same = node.open && node.lineage == pending.lineage && node.term == pending.term
					&& node.life == pending.life;
			boolean relied = TakeoverModel.this.broken.contains(Broken.NO_PROMISE) || same;
			if (server.life != pending.life || !relied) {
				this.found.add("node " + i + " gives up", this.world.node(i, node.holding(null)));
				return;
			}
			Node next = new Node(true, node.server, node.lineage, node.term,
					same ? Math.max(node.relied, pending.mark) : node.relied, node.life, node.open, node.unregistered,
					node.bound, null);
			Set<String> shown = new TreeSet<>(this.world.shown);
			Server other = this.world.servers.get(1 - node.server);
			boolean fork = other.serves() && other.data.life == other.life;
			shown.add(pending.lineage + ":" + pending.mark + ":" + pending.message + ":" + (fork ? "fork" : "one"));
			World after = this.world.node(i, next).showing(shown, false);
			this.found.add("node " + i + " shows " + pending.message, after.showing(shown,
					this.world.isMissing(server.data, false) || after.isMissing(server.data, false)));
		}

		private void compare(int i, Node node, Server server, boolean late) {
			Data data = server.data;
			int here = server.life;
			boolean open = data.life == here;
			boolean bound = node.bound && node.life != here && !TakeoverModel.this.broken.contains(Broken.NOT_BOUND);
			if (bound || (late && open)) {
				return;
			}
			if (node.lineage == data.lineage) {
				boolean less = !TakeoverModel.this.broken.contains(Broken.NO_COMPARISON)
						&& (node.term > data.term || node.relied > data.mark());
				if (less || (open && node.life != here && node.term == data.term)) {
					begin(i, node, server);
					return;
				}
			}
			else if (node.lineage != 0 && !open) {
				begin(i, node, server);
				return;
			}
			if (open) {
				if (node.unregistered && data.has(i) && !hasOthers(i, data)) {
					begin(i, node, server);
				}
				accept(i, node, server, data, data.has(i));
				return;
			}
			wait(i, node, server, late);
		}

		private void wait(int i, Node node, Server server, boolean late) {
			Data data = server.data;
			int here = server.life;
			if (data.nodes == 0 || late || server.late) {
				begin(i, node, server);
				return;
			}
			if (node.life != here && !TakeoverModel.this.broken.contains(Broken.NO_PROMISE)) {
				this.found.add("node " + i + " promises itself to " + node.server, this.world.node(i, node.shut(here)));
				return;
			}
			Data compared = data.has(i) ? data.compared(i, here) : data;
			boolean all = true;
			for (int each = 0; each < 2; each++) {
				all &= !data.has(each) || compared.hasCompared(each, here);
			}
			if (all || TakeoverModel.this.broken.contains(Broken.NOT_ALL_NODES)) {
				Data going = new Data(data.lineage, data.term + 1, data.log, here, data.nodes, 0, 0);
				World next = this.world;
				accept(i, node, server, going, data.has(i),
						(world) -> world.showing(next.shown, next.isMissing(going, true)));
			}
			else {
				this.found.add("node " + i + " has compared on " + node.server,
						this.world.written(node.server, compared));
			}
		}

		private void begin(int i, Node node, Server server) {
			boolean stranger = node.unregistered && hasOthers(i, server.data)
					&& !TakeoverModel.this.broken.contains(Broken.STRANGERS_BEGIN);
			if (stranger || this.world.lineages == LINEAGES) {
				return;
			}
			int lineage = this.world.lineages + 1;
			Data data = new Data(lineage, 1, "", server.life, server.data.nodes | 1 << i, 0, 0);
			this.found.add("node " + i + " begins anew on " + node.server, this.world.written(node.server, data)
				.node(i, new Node(true, node.server, lineage, 1, 0, server.life, true, false, false, node.pending))
				.counted(0, 0, 1));
		}

		private void accept(int i, Node node, Server server, Data data, boolean known) {
			accept(i, node, server, data, known, null);
		}

		private void accept(int i, Node node, Server server, Data data, boolean known,
				java.util.function.@Nullable UnaryOperator<World> check) {
			boolean unregistered = !TakeoverModel.this.broken.contains(Broken.NO_REGISTRATION)
					&& (node.unregistered || !known);
			int relied = (node.lineage == data.lineage) ? node.relied : 0;
			Node next = new Node(true, node.server, data.lineage, data.term, relied, server.life, !unregistered,
					unregistered, false, node.pending);
			World after = this.world.written(node.server, data.with(i)).node(i, next);
			this.found.add("node " + i + " goes on with " + node.server, (check != null) ? check.apply(after) : after);
		}

		/** The replica has all. */
		private void register(int i, Node node, Server server) {
			Data data = server.data;
			if (node.unregistered && this.world.linked && this.world.stream.isEmpty() && data.has(i)
					&& data.life == node.life && server.life == node.life && data.lineage == node.lineage
					&& data.term == node.term) {
				this.found.add("node " + i + " is known to the replica", this.world.node(i, new Node(true, node.server,
						node.lineage, node.term, node.relied, node.life, true, false, false, node.pending)));
			}
		}

	}

}
