package dev.realtime.presence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Presence of a single node, for development and tests: nothing outlives the process, and
 * {@link #close()} emits no events. Changes are visible when the call returns. At most
 * {@value #MAX_WAITING} events wait for a slow listener. Joins and leaves beyond that are
 * not published; a number of members that is made later replaces them.
 */
public final class MemoryPresence implements Presence {

	/** Most events that wait for the listener, of all topics together. */
	static final int MAX_WAITING = 10_000;

	private final Duration grace;

	private final PresenceLimits limits;

	private final Loop timer;

	/** Each topic is guarded by itself; dropped when nothing is left. */
	private final Map<Topic, LocalTopic> topics = new ConcurrentHashMap<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private volatile @Nullable Listener listener;

	private volatile boolean closed;

	/**
	 * Presence with a thread of its own.
	 * @param loops makes the thread, from which the listener is called
	 */
	public MemoryPresence(PresenceOptions options, Loops loops) {
		this(options, loops.loop("realtime-presence"));
	}

	/**
	 * Presence on the given loop.
	 * @param timer has one thread, from which the listener is called; closed here
	 */
	MemoryPresence(PresenceOptions options, Loop timer) {
		this.grace = options.grace();
		this.limits = options.limits();
		this.timer = timer;
	}

	@Override
	public void start(Listener listener) {
		if (this.listener != null) {
			throw new IllegalStateException("Presence is already started");
		}
		this.listener = listener;
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		UserNames.check(user);
		if (this.listener == null || this.closed) {
			return CompletableFuture.failedStage(new IllegalStateException("Presence is not running"));
		}
		this.topics.compute(topic, (key, known) -> {
			LocalTopic local = (known != null) ? known : new LocalTopic();
			synchronized (local) {
				LocalMember member = local.members.get(user);
				if (member == null) {
					member = new LocalMember();
					local.members.put(user, member);
					changed(topic, local, new PresenceEvent.Join(user), local.members.size());
				}
				member.add(connection);
				member.stay();
			}
			return local;
		});
		return CompletableFuture.completedStage(null);
	}

	@Override
	public CompletionStage<Void> leave(Topic topic, String user, String connection) {
		this.topics.computeIfPresent(topic, (key, local) -> {
			synchronized (local) {
				LocalMember member = local.members.get(user);
				if (member != null && member.remove(connection) && member.connections.isEmpty()) {
					member.departures++;
					int departure = member.departures;
					member.leaving = this.timer.after(this.grace, () -> settle(topic, user, member, departure));
				}
			}
			return local;
		});
		return CompletableFuture.completedStage(null);
	}

	private void settle(Topic topic, String user, LocalMember member, int departure) {
		this.topics.computeIfPresent(topic, (key, local) -> {
			synchronized (local) {
				if (member.isGoneSince(departure) && local.members.remove(user, member)) {
					changed(topic, local, new PresenceEvent.Leave(user), local.members.size() + 1);
				}
				return local.isEmpty() ? null : local;
			}
		});
	}

	/**
	 * Emits the event of a change, or notes that it was not: the topic is crowded, or too
	 * many events wait. The first number of a crowded topic is emitted at once, the next
	 * after the interval.
	 * @param most the larger number of members before and after the change
	 */
	private void changed(Topic topic, LocalTopic local, PresenceEvent event, int most) {
		if (most <= this.limits.maxDiffs() && emit(topic, event)) {
			return;
		}
		local.untold = true;
		if (!local.pausing) {
			if (local.members.size() > this.limits.maxDiffs()) {
				emitNumber(topic, local);
			}
			pause(topic, local);
		}
	}

	private void pause(Topic topic, LocalTopic local) {
		local.pausing = !this.closed;
		this.timer.after(this.limits.countInterval(), () -> endPause(topic));
	}

	private void endPause(Topic topic) {
		this.topics.computeIfPresent(topic, (key, local) -> {
			synchronized (local) {
				local.pausing = false;
				if (local.untold) {
					emitNumber(topic, local);
					pause(topic, local);
				}
				return local.isEmpty() ? null : local;
			}
		});
	}

	private void emitNumber(Topic topic, LocalTopic local) {
		int count = local.members.size();
		local.untold = !emit(topic,
				(count > this.limits.maxDiffs()) ? new PresenceEvent.Count(count) : new PresenceEvent.Reset(count));
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
		}
		LocalTopic local = this.topics.getOrDefault(topic, new LocalTopic());
		List<Member> page = new ArrayList<>();
		synchronized (local) {
			for (Map.Entry<String, LocalMember> entry : local.members.entrySet()) {
				if (page.size() == limit) {
					break;
				}
				page.add(new Member(entry.getKey(), entry.getValue().connections.size()));
			}
		}
		return CompletableFuture.completedStage(List.copyOf(page));
	}

	@Override
	public CompletionStage<Long> count(Topic topic) {
		LocalTopic local = this.topics.getOrDefault(topic, new LocalTopic());
		synchronized (local) {
			return CompletableFuture.completedStage((long) local.members.size());
		}
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
		LocalTopic local = this.topics.getOrDefault(topic, new LocalTopic());
		Set<String> present = new HashSet<>(users);
		synchronized (local) {
			present.removeIf((user) -> !local.members.containsKey(user));
		}
		return CompletableFuture.completedStage(Set.copyOf(present));
	}

	@Override
	public void close() {
		this.closed = true;
		this.topics.clear();
		this.timer.close();
	}

	/**
	 * Called inside the topic's lock, so that events queue up in the order of changes.
	 * @return false if too many events wait
	 */
	private boolean emit(Topic topic, PresenceEvent event) {
		Listener publishing = this.listener;
		if (publishing == null) {
			return true;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING) {
			this.waiting.decrementAndGet();
			return false;
		}
		if (!this.timer.tryExecute(() -> publish(publishing, topic, event))) {
			this.waiting.decrementAndGet();
		}
		return true;
	}

	private void publish(Listener publishing, Topic topic, PresenceEvent event) {
		this.waiting.decrementAndGet();
		try {
			CompletionStage<?> unused = publishing.onEvent(topic, event).whenComplete((done, failure) -> {
				if (failure != null) {
					missed(topic);
				}
			});
		}
		catch (Throwable ex) {
			this.timer.failed(ex);
			missed(topic);
		}
	}

	/** An event was not published: a number is, after the interval. */
	private void missed(Topic topic) {
		this.topics.compute(topic, (key, known) -> {
			LocalTopic local = (known != null) ? known : new LocalTopic();
			synchronized (local) {
				local.untold = true;
				if (!local.pausing) {
					pause(topic, local);
				}
			}
			return local;
		});
	}

	/** A topic's members; guarded by itself. */
	private static final class LocalTopic {

		private final TreeMap<String, LocalMember> members = new TreeMap<>(UserNames.ORDER);

		/** Whether a change was not emitted, and no number since. */
		private boolean untold;

		/** Whether the next number waits for the interval to end. */
		private boolean pausing;

		private boolean isEmpty() {
			return this.members.isEmpty() && !this.pausing;
		}

	}

	/** A user; guarded by the topic that holds it. */
	private static final class LocalMember {

		/** Most users have one: that costs no table. */
		private Set<String> connections = Set.of();

		private Loop.@Nullable Delayed leaving;

		/** How often the last connection has gone. */
		private int departures;

		private void add(String connection) {
			if (this.connections.isEmpty()) {
				this.connections = Set.of(connection);
				return;
			}
			if (!(this.connections instanceof HashSet)) {
				this.connections = new HashSet<>(this.connections);
			}
			this.connections.add(connection);
		}

		private boolean remove(String connection) {
			boolean found = this.connections.contains(connection);
			if (found && this.connections.size() == 1) {
				this.connections = Set.of();
			}
			else if (found) {
				this.connections.remove(connection);
			}
			return found;
		}

		/** A timer that can no longer be stopped finds that it is too late. */
		private boolean isGoneSince(int departure) {
			return this.connections.isEmpty() && this.departures == departure;
		}

		private void stay() {
			if (this.leaving != null) {
				this.leaving.cancel();
				this.leaving = null;
			}
		}

	}

}
