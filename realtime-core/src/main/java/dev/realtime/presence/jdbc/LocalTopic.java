package dev.realtime.presence.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * What this node holds on one topic, and which of it is not written yet. Guarded by the
 * {@link LocalTopics} that holds it.
 */
final class LocalTopic {

	final Topic topic;

	private final Map<String, LocalUser> users = new HashMap<>();

	private final Set<String> unwritten = new LinkedHashSet<>();

	/** Whether it waits for the writer or is with it. */
	boolean queued;

	/** Whether something is to be looked after, even if nothing changed. */
	boolean due;

	LocalTopic(Topic topic) {
		this.topic = topic;
	}

	CompletionStage<Void> enter(String name, String connection) {
		LocalUser user = this.users.computeIfAbsent(name, (key) -> new LocalUser());
		if (!user.connections.add(connection) && !this.unwritten.contains(name)) {
			return user.underWay();
		}
		return changed(name, user);
	}

	/** Completes at once for a connection that is not known. */
	CompletionStage<Void> leave(String name, String connection) {
		LocalUser user = this.users.get(name);
		return (user != null && user.connections.remove(connection)) ? changed(name, user)
				: CompletableFuture.completedFuture(null);
	}

	void leaveAll() {
		this.users.forEach((name, user) -> {
			user.connections.clear();
			this.unwritten.add(name);
		});
	}

	/** Nothing of this node is stored any more. */
	void writeAgain() {
		this.users.forEach((name, user) -> {
			if (!user.connections.isEmpty()) {
				this.unwritten.add(name);
			}
		});
	}

	boolean hasWork() {
		return this.due || !this.unwritten.isEmpty();
	}

	boolean isEmpty() {
		return this.users.isEmpty() && !hasWork();
	}

	/** Takes some changes to be written. */
	Batch take(int limit) {
		this.due = false;
		Map<String, Integer> counts = new LinkedHashMap<>();
		List<CompletableFuture<Void>> waiting = new ArrayList<>();
		Iterator<String> names = this.unwritten.iterator();
		while (names.hasNext() && counts.size() < limit) {
			String name = names.next();
			names.remove();
			LocalUser user = this.users.get(name);
			if (user != null) {
				counts.put(name, user.connections.size());
				waiting.addAll(user.waiting);
				user.writing.addAll(user.waiting);
				user.waiting.clear();
			}
		}
		return new Batch(counts, waiting);
	}

	void written(Batch batch) {
		for (String name : batch.counts.keySet()) {
			LocalUser user = this.users.get(name);
			if (user != null) {
				user.writing.clear();
				if (user.connections.isEmpty() && !this.unwritten.contains(name)) {
					this.users.remove(name);
				}
			}
		}
	}

	/** Those who waited for the batch wait for the next. */
	void failed(Batch batch) {
		for (String name : batch.counts.keySet()) {
			LocalUser user = this.users.get(name);
			if (user != null) {
				user.waiting.addAll(user.writing);
				user.writing.clear();
				this.unwritten.add(name);
			}
		}
		this.due = true;
	}

	private CompletionStage<Void> changed(String name, LocalUser user) {
		this.unwritten.add(name);
		CompletableFuture<Void> written = new CompletableFuture<>();
		user.waiting.add(written);
		return written;
	}

	/**
	 * Some users' counts.
	 *
	 * @param counts absolute, as they were when they were taken
	 * @param waiting to be completed when they are written
	 */
	record Batch(Map<String, Integer> counts, List<CompletableFuture<Void>> waiting) {
	}

	private static final class LocalUser {

		private final Set<String> connections = new HashSet<>(2);

		/** They wait for a batch that is still to be taken. */
		private final List<CompletableFuture<Void>> waiting = new ArrayList<>(1);

		/** They wait for the batch under way. */
		private final List<CompletableFuture<Void>> writing = new ArrayList<>(1);

		private CompletionStage<Void> underWay() {
			return this.writing.isEmpty() ? CompletableFuture.completedFuture(null)
					: this.writing.get(this.writing.size() - 1);
		}

	}

}
