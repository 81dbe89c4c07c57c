package dev.realtime.presence.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * A user's connections of this node on a topic, and what Redis has confirmed of them.
 * Guarded by the {@link LocalTopic} that holds it.
 */
final class LocalUser {

	final String name;

	/** Few, so that a list is smaller and no slower than a set. */
	private final List<String> connections = new ArrayList<>(1);

	/** The count that Redis has, as far as we know. */
	int confirmed;

	/** The life of Redis that confirmed a count above 0 last; empty if none. */
	String known = "";

	/** Completes when the changes since the last call are written. */
	private @Nullable CompletableFuture<Void> next;

	/** Completes when the changes of the call under way are written. */
	private @Nullable CompletableFuture<Void> sent;

	LocalUser(String name) {
		this.name = name;
	}

	int count() {
		return this.connections.size();
	}

	boolean add(String connection) {
		return !this.connections.contains(connection) && this.connections.add(connection);
	}

	boolean remove(String connection) {
		return this.connections.remove(connection);
	}

	void removeAll() {
		this.connections.clear();
	}

	/** Completes when the count as it is now is written. */
	CompletableFuture<Void> written() {
		if (this.next != null) {
			return this.next;
		}
		return (this.sent != null) ? this.sent : CompletableFuture.completedFuture(null);
	}

	/** Like {@link #written()}, for a change that no call carries yet. */
	CompletableFuture<Void> changed() {
		if (this.next == null) {
			this.next = new CompletableFuture<>();
		}
		return this.next;
	}

	void sending() {
		this.sent = this.next;
		this.next = null;
	}

	/** What to complete, outside of the lock. */
	@Nullable CompletableFuture<Void> arrived() {
		CompletableFuture<Void> arrived = this.sent;
		this.sent = null;
		return arrived;
	}

	/** Those who waited for the lost call now wait for the next. */
	void lost() {
		CompletableFuture<Void> waiting = this.sent;
		CompletionStage<Void> later = this.next;
		this.sent = null;
		if (later == null) {
			this.next = waiting;
		}
		else if (waiting != null) {
			later.thenRun(() -> waiting.complete(null));
		}
	}

}
