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
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence of a single node, for development and tests: nothing outlives the process, and
 * {@link #close()} emits no events. Changes are visible when the call returns. Events
 * wait in memory for a slow listener.
 */
public final class MemoryPresence implements Presence {

	private static final Logger logger = LoggerFactory.getLogger(MemoryPresence.class);

	private final Duration grace;

	private final ScheduledExecutorService timer;

	private final boolean ownTimer;

	/** A topic's members are guarded by their map; an empty map is dropped. */
	private final Map<Topic, TreeMap<String, LocalMember>> topics = new ConcurrentHashMap<>();

	private volatile @Nullable Listener listener;

	private volatile boolean closed;

	/** With a daemon thread of its own, from which the listener is called. */
	public MemoryPresence(PresenceOptions options) {
		this(options, newTimer(), true);
	}

	/**
	 * With the given timer.
	 * @param timer has one thread, from which the listener is called; not shut down here
	 */
	public MemoryPresence(PresenceOptions options, ScheduledExecutorService timer) {
		this(options, timer, false);
	}

	private MemoryPresence(PresenceOptions options, ScheduledExecutorService timer, boolean ownTimer) {
		this.grace = options.grace();
		this.timer = timer;
		this.ownTimer = ownTimer;
	}

	@Override
	public void start(Listener listener) {
		if (this.listener != null) {
			throw new IllegalStateException("Presence was started before");
		}
		this.listener = listener;
	}

	@Override
	public CompletionStage<Void> enter(Topic topic, String user, String connection) {
		UserNames.check(user);
		Listener told = this.listener;
		if (told == null || this.closed) {
			return CompletableFuture.failedStage(new IllegalStateException("Presence is not running"));
		}
		this.topics.compute(topic, (key, known) -> {
			TreeMap<String, LocalMember> members = (known != null) ? known : new TreeMap<>(UserNames.ORDER);
			synchronized (members) {
				LocalMember member = members.get(user);
				if (member == null) {
					member = new LocalMember();
					members.put(user, member);
					int count = members.size();
					emit(() -> told.onJoin(topic, user, count));
				}
				member.connections.add(connection);
				member.stay();
			}
			return members;
		});
		return CompletableFuture.completedStage(null);
	}

	@Override
	public CompletionStage<Void> leave(Topic topic, String user, String connection) {
		this.topics.computeIfPresent(topic, (key, members) -> {
			synchronized (members) {
				LocalMember member = members.get(user);
				if (member != null && member.connections.remove(connection) && member.connections.isEmpty()) {
					member.departures++;
					int departure = member.departures;
					member.leaving = schedule(() -> settle(topic, user, member, departure));
				}
			}
			return members;
		});
		return CompletableFuture.completedStage(null);
	}

	private void settle(Topic topic, String user, LocalMember member, int departure) {
		this.topics.computeIfPresent(topic, (key, members) -> {
			synchronized (members) {
				Listener told = this.listener;
				if (told != null && member.isGoneSince(departure) && members.remove(user, member)) {
					int count = members.size();
					emit(() -> told.onLeave(topic, user, count));
				}
				return members.isEmpty() ? null : members;
			}
		});
	}

	@Override
	public CompletionStage<List<Member>> members(Topic topic, int limit) {
		if (limit < 0) {
			throw new IllegalArgumentException("limit must be 0 or more, not " + limit);
		}
		TreeMap<String, LocalMember> members = this.topics.getOrDefault(topic, new TreeMap<>());
		List<Member> page = new ArrayList<>();
		synchronized (members) {
			for (Map.Entry<String, LocalMember> entry : members.entrySet()) {
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
		TreeMap<String, LocalMember> members = this.topics.getOrDefault(topic, new TreeMap<>());
		synchronized (members) {
			return CompletableFuture.completedStage((long) members.size());
		}
	}

	@Override
	public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
		TreeMap<String, LocalMember> members = this.topics.getOrDefault(topic, new TreeMap<>());
		Set<String> present = new HashSet<>(users);
		synchronized (members) {
			present.removeIf((user) -> !members.containsKey(user));
		}
		return CompletableFuture.completedStage(Set.copyOf(present));
	}

	@Override
	public void close() {
		this.closed = true;
		this.topics.clear();
		if (this.ownTimer) {
			this.timer.shutdownNow();
		}
	}

	/**
	 * Called inside the members' lock, so that events queue up in the order of changes.
	 */
	private void emit(Runnable event) {
		try {
			this.timer.execute(() -> {
				try {
					event.run();
				}
				catch (RuntimeException ex) {
					logger.warn("A presence listener failed; the event is not repeated", ex);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			logger.debug("An event came after the end", ex);
		}
	}

	private @Nullable Future<?> schedule(Runnable task) {
		try {
			return this.timer.schedule(task, this.grace.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("A user left after the end", ex);
			return null;
		}
	}

	private static ScheduledExecutorService newTimer() {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "realtime-presence");
			thread.setDaemon(true);
			return thread;
		});
		timer.setRemoveOnCancelPolicy(true);
		return timer;
	}

	/** A user; guarded by the map that holds it. */
	private static final class LocalMember {

		private final Set<String> connections = new HashSet<>(2);

		private @Nullable Future<?> leaving;

		/** How often the last connection has gone. */
		private int departures;

		/** A timer that can no longer be stopped finds that it is too late. */
		private boolean isGoneSince(int departure) {
			return this.connections.isEmpty() && this.departures == departure;
		}

		private void stay() {
			if (this.leaving != null) {
				this.leaving.cancel(false);
				this.leaving = null;
			}
		}

	}

}
