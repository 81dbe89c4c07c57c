package dev.realtime.simulation;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceOptions;

/**
 * A model of where a fleet keeps its members: nodes enter and leave for their
 * connections, and renew a lease. Grace, order and numbers are the work of a real
 * {@link MemoryPresence}. Everything but reading is confined to its loop.
 */
final class PresenceServer {

	/** A connection of a node on a topic. */
	record Entry(Topic topic, String user, String connection) {
	}

	private record Lease(long untilNanos, Set<Entry> entries) {
	}

	final Loop loop;

	final PresenceOptions options;

	private final MemoryPresence members;

	/** Never started: says whether a name is legal. */
	private final MemoryPresence names;

	private final Map<String, Lease> leases = new LinkedHashMap<>();

	PresenceServer(Loops loops, PresenceOptions options, Presence.Listener events) {
		this.loop = loops.loop("presence-server");
		this.options = options;
		this.members = new MemoryPresence(options, loops);
		this.names = new MemoryPresence(options, loops);
		this.members.start(events);
		this.loop.every(options.refresh(), this::expire);
	}

	/** What it has, without any delay. */
	Presence members() {
		return this.members;
	}

	void checkName(Topic topic, String user) {
		CompletionStage<Void> unused = this.names.enter(topic, user, "");
	}

	void enter(String node, Entry entry) {
		if (lease(node).entries().add(entry)) {
			CompletionStage<Void> unused = this.members.enter(entry.topic(), entry.user(), id(node, entry));
		}
	}

	void leave(String node, Entry entry) {
		if (lease(node).entries().remove(entry)) {
			CompletionStage<Void> unused = this.members.leave(entry.topic(), entry.user(), id(node, entry));
		}
	}

	/** The node is alive, and these are all its connections. */
	void renew(String node, Set<Entry> entries) {
		Lease known = lease(node);
		this.leases.put(node, new Lease(now() + this.options.lease().toNanos(), known.entries()));
		for (Entry each : new LinkedHashSet<>(known.entries())) {
			if (!entries.contains(each)) {
				leave(node, each);
			}
		}
		entries.forEach((each) -> enter(node, each));
	}

	/** The node is gone, with all its connections. */
	void remove(String node) {
		Lease lease = this.leases.get(node);
		if (lease != null) {
			new LinkedHashSet<>(lease.entries()).forEach((each) -> leave(node, each));
			this.leases.remove(node);
		}
	}

	private Lease lease(String node) {
		return this.leases.computeIfAbsent(node,
				(key) -> new Lease(now() + this.options.lease().toNanos(), new LinkedHashSet<>()));
	}

	private void expire() {
		new LinkedHashMap<>(this.leases).forEach((node, lease) -> {
			if (now() - lease.untilNanos() > 0) {
				remove(node);
			}
		});
	}

	private long now() {
		return this.loop.environment().nanoTime();
	}

	private static String id(String node, Entry entry) {
		return node + '/' + entry.connection();
	}

}
