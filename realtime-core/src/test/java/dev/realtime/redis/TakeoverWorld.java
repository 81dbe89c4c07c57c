package dev.realtime.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * A state of {@link TakeoverModel}: all there is.
 *
 * @param stream what the replica has not yet got
 * @param shown {@code lineage:number:message}, and whether two masters served then
 */
record TakeoverWorld(List<Server> servers, List<Data> stream, boolean linked, List<Node> nodes, Set<String> shown,
		int messages, int lives, int lineages, boolean wrong) {

	TakeoverWorld server(int index, Server server) {
		List<Server> next = new ArrayList<>(this.servers);
		next.set(index, server);
		return new TakeoverWorld(next, this.stream, this.linked, this.nodes, this.shown, this.messages, this.lives,
				this.lineages, this.wrong);
	}

	/** A change of a master's data, which its replica gets later. */
	TakeoverWorld written(int index, Data data) {
		TakeoverWorld next = server(index, this.servers.get(index).with(data));
		if (!this.linked || this.servers.get(1 - index).serves()) {
			return next;
		}
		List<Data> longer = new ArrayList<>(this.stream);
		longer.add(data);
		return next.streaming(longer, true);
	}

	TakeoverWorld streaming(List<Data> stream, boolean linked) {
		return new TakeoverWorld(this.servers, stream, linked, this.nodes, this.shown, this.messages, this.lives,
				this.lineages, this.wrong);
	}

	TakeoverWorld node(int index, Node node) {
		List<Node> next = new ArrayList<>(this.nodes);
		next.set(index, node);
		return new TakeoverWorld(this.servers, this.stream, this.linked, next, this.shown, this.messages, this.lives,
				this.lineages, this.wrong);
	}

	TakeoverWorld counted(int messages, int lives, int lineages) {
		return new TakeoverWorld(this.servers, this.stream, this.linked, this.nodes, this.shown,
				this.messages + messages, this.lives + lives, this.lineages + lineages, this.wrong);
	}

	TakeoverWorld showing(Collection<String> shown, boolean wrong) {
		return new TakeoverWorld(this.servers, this.stream, this.linked, this.nodes, new TreeSet<>(shown),
				this.messages, this.lives, this.lineages, wrong);
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

	/**
	 * What a server keeps of the partition.
	 *
	 * @param log messages of the lineage; the mark is their number
	 * @param nodes registered ones, a bit each
	 * @param first the life for which the first node has compared, second likewise
	 */
	record Data(int lineage, int term, String log, int life, int nodes, int first, int second) {

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

	record Server(Data data, boolean alive, boolean master, int life, boolean late, int promoted) {

		Server with(Data next) {
			return new Server(next, this.alive, this.master, this.life, this.late, this.promoted);
		}

		boolean serves() {
			return this.alive && this.master;
		}

	}

	/** What was answered and is not yet shown. */
	record Pending(int lineage, int term, int life, int mark, char message) {
	}

	record Node(boolean alive, int server, int lineage, int term, int relied, int life, boolean open,
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

}
