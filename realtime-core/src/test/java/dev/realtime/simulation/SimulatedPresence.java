package dev.realtime.simulation;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;

/** A node's presence over the {@link PresenceServer}, which publishes the events. */
final class SimulatedPresence implements Presence {

	private final String node;

	private final PresenceServer server;

	private final Loop io;

	private final Wire requests;

	private final Wire answers;

	/** What the server is to know, whether or not it can be told now. Guarded by this. */
	private final Set<PresenceServer.Entry> entries = new LinkedHashSet<>();

	private volatile boolean open;

	/** Nothing arrives there. */
	private volatile boolean cut;

	SimulatedPresence(String node, PresenceServer server, Network network, Loops loops) {
		this.node = node;
		this.server = server;
		this.io = loops.loop("presence-io");
		this.requests = new Wire(network, server.loop);
		this.answers = new Wire(network, this.io);
	}

	void cut() {
		this.cut = true;
	}

	void heal() {
		this.cut = false;
	}

	@Override
	public void start(Listener listener) {
		this.open = true;
		this.io.every(this.server.options.refresh(), this::renew);
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		this.server.checkName(topic, user);
		PresenceServer.Entry entry = new PresenceServer.Entry(topic, user, connection);
		synchronized (this) {
			if (!this.open) {
				return CompletableFuture.failedFuture(new IllegalStateException("Presence is not running"));
			}
			this.entries.add(entry);
			return send(() -> this.server.enter(this.node, entry));
		}
	}

	@Override
	public synchronized CompletionStage<Void> leave(Topic topic, String user, String connection) {
		PresenceServer.Entry entry = new PresenceServer.Entry(topic, user, connection);
		this.entries.remove(entry);
		return send(() -> this.server.leave(this.node, entry));
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		return this.server.members().members(topic, limit);
	}

	@Override
	public CompletionStage<Long> count(Topic topic) {
		return this.server.members().count(topic);
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
		return this.server.members().present(topic, users);
	}

	@Override
	public synchronized void close() {
		if (this.open) {
			this.open = false;
			this.io.close();
			CompletionStage<Void> unused = send(() -> this.server.remove(this.node));
		}
	}

	/** What could not be told before is told now, too. */
	private synchronized void renew() {
		Set<PresenceServer.Entry> all = new LinkedHashSet<>(this.entries);
		CompletionStage<Void> unused = send(() -> this.server.renew(this.node, all));
	}

	private CompletionStage<Void> send(Runnable command) {
		CompletableFuture<Void> answer = new CompletableFuture<>();
		this.requests.send(() -> {
			if (!this.cut) {
				command.run();
				this.answers.send(() -> answer.complete(null));
			}
		});
		return answer;
	}

}
