package dev.realtime.broker.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Publications on topics whose rows other transactions keep locked. They wait here, on a
 * loop of their own, so that the writers go on with all other topics. A topic stays here
 * until nothing of it waits, so that its publications keep their order. What has waited
 * for the longest that a statement may take is refused.
 * <p>
 * Each topic is stored by itself. Those whose rows are still locked take turns: in each
 * round one of them is waited for, a second at most, after all others were tried.
 */
final class LockedTopics {

	/** Between attempts when nothing else is to be done. */
	private static final Duration PAUSE = Duration.ofMillis(20);

	static final String REFUSED = "another transaction keeps the topic locked, or the database took too long; "
			+ "nothing was stored";

	private final BatchStore store;

	private final IngestWriter.Stored stored;

	private final int batchSize;

	private final long patienceNanos;

	private final Loop loop;

	/** Bounded by {@link Ingest}. A queue is changed while its entry is computed. */
	private final Map<Topic, Queue<Held>> held = new ConcurrentHashMap<>();

	private final Queue<Topic> next = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/** What is being stored. */
	@GuardedBy("this")
	private List<Pending> batch = List.of();

	@GuardedBy("this")
	private boolean closed;

	/** Found locked; confined to the loop. */
	private final Set<Topic> stuck = new LinkedHashSet<>();

	LockedTopics(BatchStore store, IngestWriter.Stored stored, int batchSize, Duration patience, Loop loop) {
		this.store = store;
		this.stored = stored;
		this.batchSize = batchSize;
		this.patienceNanos = patience.toNanos();
		this.loop = loop;
	}

	/** Takes a publication if earlier ones on its topic wait here. */
	boolean takes(Pending pending) {
		Held last = new Held(pending, this.loop.environment().nanoTime());
		return !this.held.isEmpty() && this.held.computeIfPresent(pending.topic(), (topic, queue) -> {
			queue.add(last);
			return queue;
		}) != null;
	}

	/** Takes publications whose topics are locked; on the writer's thread. */
	void hold(List<Pending> locked) {
		if (add(locked)) {
			schedule();
		}
		else {
			locked.forEach(Pending::refuseClosed);
		}
	}

	private synchronized boolean add(List<Pending> locked) {
		if (this.closed) {
			return false;
		}
		long now = this.loop.environment().nanoTime();
		for (Pending pending : locked) {
			this.held.compute(pending.topic(), (topic, known) -> {
				Queue<Held> queue = (known != null) ? known : new ArrayDeque<>();
				if (known == null) {
					this.next.add(topic);
				}
				queue.add(new Held(pending, now));
				return queue;
			});
		}
		return true;
	}

	/** Ends the loop, waiting so long for what is being stored; fails the rest. */
	void close(Duration patience) {
		var unused = this.loop.close(patience);
		List<Pending> waiting;
		List<Pending> storing;
		synchronized (this) {
			this.closed = true;
			waiting = takeAll();
			storing = this.batch;
		}
		storing.forEach(Pending::abandon);
		waiting.forEach(Pending::refuseClosed);
	}

	private void schedule() {
		if (!this.held.isEmpty() && this.scheduled.compareAndSet(false, true)) {
			this.loop.after(this.next.isEmpty() ? PAUSE : Duration.ZERO, this::round);
		}
	}

	private void round() {
		this.scheduled.set(false);
		try {
			for (int i = this.next.size(); i > 0; i--) {
				attempt(this.next.poll(), false);
				this.loop.progressed();
			}
			attempt(first(this.stuck), true);
			expire();
		}
		finally {
			schedule();
		}
	}

	private void attempt(@Nullable Topic topic, boolean wait) {
		if (topic == null) {
			return;
		}
		List<Pending> some = begin(topic);
		boolean locked = false;
		try {
			BatchStore.Outcome outcome = wait ? this.store.storeWaiting(some) : this.store.store(some);
			locked = !outcome.locked().isEmpty();
			if (this.store.isAway()) {
				this.store.refuse(takeAll());
			}
			this.stored.stored(outcome.stored());
		}
		finally {
			end();
			if (isLeft(topic)) {
				var unused = (locked ? this.stuck : this.next).add(topic);
			}
		}
	}

	/** Notes what is stored now, so that closing does not say that nothing was. */
	private synchronized List<Pending> begin(Topic topic) {
		List<Pending> some = new ArrayList<>();
		this.held.computeIfPresent(topic, (key, queue) -> {
			queue.stream().limit(this.batchSize).map(Held::pending).forEach(some::add);
			return queue;
		});
		this.batch = some;
		return some;
	}

	private synchronized void end() {
		this.batch = List.of();
	}

	/** Forgets what is done; returns whether something of the topic still waits. */
	private boolean isLeft(Topic topic) {
		return this.held.computeIfPresent(topic, (key, queue) -> {
			queue.removeIf((each) -> each.pending.receipt().isDone());
			return queue.isEmpty() ? null : queue;
		}) != null;
	}

	private void expire() {
		List<Pending> expired = new ArrayList<>();
		long now = this.loop.environment().nanoTime();
		this.held.forEach((topic, any) -> this.held.computeIfPresent(topic, (key, queue) -> {
			queue.stream()
				.takeWhile((each) -> now - each.since > this.patienceNanos)
				.map(Held::pending)
				.forEach(expired::add);
			return queue;
		}));
		expired.forEach((pending) -> pending.refuse(REFUSED, null));
		this.stuck.removeIf((topic) -> !isLeft(topic));
	}

	private static @Nullable Topic first(Set<Topic> topics) {
		Iterator<Topic> all = topics.iterator();
		if (!all.hasNext()) {
			return null;
		}
		Topic first = all.next();
		all.remove();
		return first;
	}

	private List<Pending> takeAll() {
		List<Pending> all = new ArrayList<>();
		this.held.forEach((topic, any) -> this.held.computeIfPresent(topic, (key, queue) -> {
			queue.forEach((each) -> all.add(each.pending));
			return null;
		}));
		return all;
	}

	private record Held(Pending pending, long since) {
	}

}
