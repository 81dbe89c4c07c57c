package dev.realtime.redis;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import dev.realtime.redis.TakeoverModel.Broken;
import dev.realtime.redis.TakeoverWorld.Data;
import dev.realtime.redis.TakeoverWorld.Node;
import dev.realtime.redis.TakeoverWorld.Pending;
import dev.realtime.redis.TakeoverWorld.Server;
import org.jspecify.annotations.Nullable;

/** All states of {@link TakeoverModel} that can follow one. */
final class TakeoverSteps {

	private static final int MESSAGES = 2;

	private static final int LIVES = 3;

	private static final int LINEAGES = 3;

	private final Set<Broken> broken;

	private final TakeoverWorld world;

	private final Found found;

	/**
	 * Steps from one state.
	 * @param broken rules that are left out
	 */
	TakeoverSteps(Set<Broken> broken, TakeoverWorld world, Found found) {
		this.broken = broken;
		this.world = world;
		this.found = found;
	}

	void all() {
		for (int i = 0; i < 2; i++) {
			Node node = this.world.nodes().get(i);
			if (node.alive()) {
				node(i, node);
			}
			else {
				forget(i);
			}
			server(i, this.world.servers().get(i));
		}
		if (this.world.linked() && !this.world.stream().isEmpty()) {
			int replica = this.world.servers().get(0).master() ? 1 : 0;
			Server server = this.world.servers().get(replica);
			this.found.add("copy", this.world.server(replica, server.with(this.world.stream().get(0)))
				.streaming(this.world.stream().subList(1, this.world.stream().size()), true));
		}
		if (this.world.linked()) {
			this.found.add("cut", this.world.streaming(List.of(), false));
		}
	}

	private void server(int i, Server server) {
		Server other = this.world.servers().get(1 - i);
		if (server.alive()) {
			this.found.add("server " + i + " crashes",
					this.world
						.server(i,
								new Server(server.data(), false, server.master(), server.life(), server.late(),
										server.promoted()))
						.streaming(List.of(), false));
		}
		if (server.alive() && !server.master() && this.world.lives() < LIVES) {
			this.found.add("server " + i + " is promoted",
					this.world
						.server(i,
								new Server(server.data(), true, true, this.world.lives() + 1, false,
										server.promoted() + 1))
						.streaming(List.of(), false)
						.counted(0, 1, 0));
		}
		if (other.serves() && !this.world.linked() && other.promoted() >= server.promoted()) {
			this.found.add("server " + i + " follows the other",
					this.world.server(i, new Server(other.data(), true, false, other.life(), false, other.promoted()))
						.streaming(List.of(), true));
		}
		if (!server.alive() && server.master() && !this.world.linked() && this.world.lives() < LIVES) {
			this.found
				.add("server " + i + " starts again with its data",
						this.world
							.server(i,
									new Server(server.data(), true, true, this.world.lives() + 1, false,
											server.promoted()))
							.counted(0, 1, 0));
		}
	}

	/** The lease of a node that is gone is over. */
	private void forget(int node) {
		for (int i = 0; i < 2; i++) {
			Server server = this.world.servers().get(i);
			if (server.serves() && server.data().life() == server.life() && server.data().has(node)) {
				this.found.add("node " + node + " is forgotten on " + i,
						this.world.written(i, server.data().without(node)));
			}
		}
	}

	private void node(int i, Node node) {
		this.found.add("node " + i + " crashes", this.world.node(i, new Node(false, node.server(), node.lineage(),
				node.term(), node.relied(), node.life(), false, false, false, null)));
		if (this.world.servers().get(1 - node.server()).serves()) {
			this.found.add("node " + i + " changes the server", this.world.node(i, node.at(1 - node.server())));
		}
		if (node.bound()) {
			unbind(i, node);
		}
		Server server = this.world.servers().get(node.server());
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
		TakeoverWorld next = this.world.node(i, new Node(true, node.server(), node.lineage(), node.term(),
				node.relied(), node.life(), node.open(), node.unregistered(), false, node.pending()));
		for (int each = 0; each < 2; each++) {
			Server server = next.servers().get(each);
			if (server.life() == node.life() && server.data().life() != server.life()) {
				next = next.server(each, new Server(server.data(), server.alive(), server.master(), server.life(), true,
						server.promoted()));
			}
		}
		this.found.add("node " + i + " is free again", next);
	}

	/** Whether the server knows another node whose lease is not over. */
	private boolean hasOthers(int i, Data data) {
		return data.has(1 - i) && this.world.nodes().get(1 - i).alive();
	}

	private void publish(int i, Node node, Server server) {
		Data data = server.data();
		if (!node.open() || node.pending() != null || this.world.messages() == MESSAGES || data.life() != server.life()
				|| data.lineage() != node.lineage() || data.term() != node.term() || !data.has(i)) {
			return;
		}
		char message = (char) ('a' + this.world.messages());
		Data longer = new Data(data.lineage(), data.term(), data.log() + message, data.life(), data.nodes(),
				data.first(), data.second());
		this.found.add("node " + i + " publishes on " + node.server(), this.world.written(node.server(), longer)
			.node(i, node.holding(new Pending(node.lineage(), node.term(), node.life(), longer.mark(), message)))
			.counted(1, 0, 0));
	}

	/** Also what the replica has not confirmed in time. */
	private void show(int i, Node node, Server server) {
		Pending pending = node.pending();
		if (pending == null) {
			return;
		}
		boolean same = node.open() && node.lineage() == pending.lineage() && node.term() == pending.term()
				&& node.life() == pending.life();
		boolean relied = this.broken.contains(Broken.NO_PROMISE) || same;
		if (server.life() != pending.life() || !relied) {
			this.found.add("node " + i + " gives up", this.world.node(i, node.holding(null)));
			return;
		}
		Node next = new Node(true, node.server(), node.lineage(), node.term(),
				same ? Math.max(node.relied(), pending.mark()) : node.relied(), node.life(), node.open(),
				node.unregistered(), node.bound(), null);
		Set<String> shown = new TreeSet<>(this.world.shown());
		Server other = this.world.servers().get(1 - node.server());
		boolean fork = other.serves() && other.data().life() == other.life();
		shown.add(pending.lineage() + ":" + pending.mark() + ":" + pending.message() + ":" + (fork ? "fork" : "one"));
		TakeoverWorld after = this.world.node(i, next).showing(shown, false);
		this.found.add("node " + i + " shows " + pending.message(), after.showing(shown,
				this.world.isMissing(server.data(), false) || after.isMissing(server.data(), false)));
	}

	private void compare(int i, Node node, Server server, boolean late) {
		Data data = server.data();
		int here = server.life();
		boolean open = data.life() == here;
		boolean bound = node.bound() && node.life() != here && !this.broken.contains(Broken.NOT_BOUND);
		if (bound || (late && open)) {
			return;
		}
		if (node.lineage() == data.lineage()) {
			boolean less = !this.broken.contains(Broken.NO_COMPARISON)
					&& (node.term() > data.term() || node.relied() > data.mark());
			if (less || (open && node.life() != here && node.term() == data.term())) {
				begin(i, node, server);
				return;
			}
		}
		else if (node.lineage() != 0 && !open) {
			begin(i, node, server);
			return;
		}
		if (open) {
			if (node.unregistered() && data.has(i) && !hasOthers(i, data)) {
				begin(i, node, server);
			}
			accept(i, node, server, data, data.has(i));
			return;
		}
		wait(i, node, server, late);
	}

	private void wait(int i, Node node, Server server, boolean late) {
		Data data = server.data();
		int here = server.life();
		if (data.nodes() == 0 || late || server.late()) {
			begin(i, node, server);
			return;
		}
		if (node.life() != here && !this.broken.contains(Broken.NO_PROMISE)) {
			this.found.add("node " + i + " promises itself to " + node.server(), this.world.node(i, node.shut(here)));
			return;
		}
		Data compared = data.has(i) ? data.compared(i, here) : data;
		boolean all = true;
		for (int each = 0; each < 2; each++) {
			all &= !data.has(each) || compared.hasCompared(each, here);
		}
		if (all || this.broken.contains(Broken.NOT_ALL_NODES)) {
			Data going = new Data(data.lineage(), data.term() + 1, data.log(), here, data.nodes(), 0, 0);
			TakeoverWorld next = this.world;
			accept(i, node, server, going, data.has(i),
					(world) -> world.showing(next.shown(), next.isMissing(going, true)));
		}
		else {
			this.found.add("node " + i + " has compared on " + node.server(),
					this.world.written(node.server(), compared));
		}
	}

	private void begin(int i, Node node, Server server) {
		boolean stranger = node.unregistered() && hasOthers(i, server.data())
				&& !this.broken.contains(Broken.STRANGERS_BEGIN);
		if (stranger || this.world.lineages() == LINEAGES) {
			return;
		}
		int lineage = this.world.lineages() + 1;
		Data data = new Data(lineage, 1, "", server.life(), server.data().nodes() | 1 << i, 0, 0);
		this.found.add("node " + i + " begins anew on " + node.server(), this.world.written(node.server(), data)
			.node(i, new Node(true, node.server(), lineage, 1, 0, server.life(), true, false, false, node.pending()))
			.counted(0, 0, 1));
	}

	private void accept(int i, Node node, Server server, Data data, boolean known) {
		accept(i, node, server, data, known, null);
	}

	private void accept(int i, Node node, Server server, Data data, boolean known,
			@Nullable UnaryOperator<TakeoverWorld> check) {
		boolean unregistered = !this.broken.contains(Broken.NO_REGISTRATION) && (node.unregistered() || !known);
		int relied = (node.lineage() == data.lineage()) ? node.relied() : 0;
		Node next = new Node(true, node.server(), data.lineage(), data.term(), relied, server.life(), !unregistered,
				unregistered, false, node.pending());
		TakeoverWorld after = this.world.written(node.server(), data.with(i)).node(i, next);
		this.found.add("node " + i + " goes on with " + node.server(), (check != null) ? check.apply(after) : after);
	}

	/** The replica has all. */
	private void register(int i, Node node, Server server) {
		Data data = server.data();
		if (node.unregistered() && this.world.linked() && this.world.stream().isEmpty() && data.has(i)
				&& data.life() == node.life() && server.life() == node.life() && data.lineage() == node.lineage()
				&& data.term() == node.term()) {
			this.found.add("node " + i + " is known to the replica", this.world.node(i, new Node(true, node.server(),
					node.lineage(), node.term(), node.relied(), node.life(), true, false, false, node.pending())));
		}
	}

	/** Gets what can follow. */
	interface Found {

		void add(String what, TakeoverWorld world);

	}

}
