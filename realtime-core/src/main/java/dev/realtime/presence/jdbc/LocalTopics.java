package dev.realtime.presence.jdbc;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The topics of this node, and those of them that wait for the writer. Safe for any
 * number of threads; nothing blocks.
 */
final class LocalTopics {

	@GuardedBy("this")
	private final Map<Topic, LocalTopic> topics = new HashMap<>();

	/** Each topic is here at most once. */
	@GuardedBy("this")
	private final Queue<LocalTopic> queue = new ArrayDeque<>();

	/** What failed, until it is tried again. */
	@GuardedBy("this")
	private final Queue<LocalTopic> failed = new ArrayDeque<>();

	synchronized CompletionStage<Void> enter(Topic topic, String user, String connection) {
		LocalTopic local = this.topics.computeIfAbsent(topic, LocalTopic::new);
		CompletionStage<Void> written = local.enter(user, connection);
		queue(local);
		return written;
	}

	synchronized CompletionStage<Void> leave(Topic topic, String user, String connection) {
		LocalTopic local = this.topics.get(topic);
		if (local == null) {
			return CompletableFuture.completedFuture(null);
		}
		CompletionStage<Void> written = local.leave(user, connection);
		queue(local);
		return written;
	}

	/** Something is due there. */
	synchronized void due(Collection<Topic> due) {
		for (Topic topic : due) {
			LocalTopic local = this.topics.computeIfAbsent(topic, LocalTopic::new);
			local.due = true;
			queue(local);
		}
	}

	synchronized void leaveAll() {
		this.topics.values().forEach((local) -> {
			local.leaveAll();
			queue(local);
		});
	}

	synchronized void writeAgain() {
		this.topics.values().forEach((local) -> {
			local.writeAgain();
			queue(local);
		});
	}

	synchronized void retry() {
		for (LocalTopic next = this.failed.poll(); next != null; next = this.failed.poll()) {
			next.queued = false;
			queue(next);
		}
	}

	synchronized boolean isEmpty() {
		return this.topics.isEmpty();
	}

	synchronized int size() {
		return this.topics.size();
	}

	/** The next topic and its changes, or null. */
	synchronized @Nullable Work next(int limit) {
		LocalTopic next = this.queue.poll();
		return (next != null) ? new Work(next, next.take(limit)) : null;
	}

	/** The changes are in force, or not; then they are tried again later. */
	void over(Work work, boolean written) {
		synchronized (this) {
			LocalTopic local = work.topic;
			if (written) {
				local.queued = false;
				local.written(work.batch);
				queue(local);
				if (local.isEmpty()) {
					this.topics.remove(local.topic);
				}
			}
			else {
				local.failed(work.batch);
				this.failed.add(local);
			}
		}
		if (written) {
			work.batch.waiting().forEach((waiting) -> waiting.complete(null));
		}
	}

	@GuardedBy("this")
	private void queue(LocalTopic local) {
		if (!local.queued && local.hasWork()) {
			local.queued = true;
			this.queue.add(local);
		}
		else if (!local.queued && local.isEmpty()) {
			this.topics.remove(local.topic);
		}
	}

	/** A topic and what is to be written there. */
	record Work(LocalTopic topic, LocalTopic.Batch batch) {
	}

}
