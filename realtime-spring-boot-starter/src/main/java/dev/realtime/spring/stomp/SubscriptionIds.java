package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * The ids of one session's subscriptions, whatever they are to: topics, destinations of
 * the session, methods of the application. Kept among the attributes of the session, so
 * they end with it. Safe for any number of threads.
 */
final class SubscriptionIds {

	private static final String ATTRIBUTE = "dev.realtime.subscription-ids";

	@GuardedBy("this")
	private Map<String, String> destinations = Map.of();

	/** The session has ended. */
	@GuardedBy("this")
	private boolean ended;

	/** Runs what {@link #unlessEnded} guards. */
	@GuardedBy("this")
	private @Nullable Thread running;

	/**
	 * Whether the frame that is being handled goes on. Confined to the session's frames.
	 */
	volatile boolean admitted;

	/** Returns those of the session that the message belongs to, or null without one. */
	static @Nullable SubscriptionIds of(Message<?> message) {
		Map<String, Object> attributes = SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders());
		return (attributes != null) ? of(attributes) : null;
	}

	/** Returns those of the session with these attributes. */
	static SubscriptionIds of(Map<String, Object> attributes) {
		return (SubscriptionIds) attributes.computeIfAbsent(ATTRIBUTE, (name) -> new SubscriptionIds());
	}

	/**
	 * Adds one.
	 * @param again whether the same id may ask again for the same destination
	 * @throws RefusedException when the id is in use or there are too many
	 */
	synchronized void add(String id, String destination, boolean again, int most) {
		String known = this.destinations.get(id);
		if (known != null && !(again && known.equals(destination))) {
			throw new RefusedException("duplicate-id", "Subscription id \"" + id
					+ "\" is in use on this connection; UNSUBSCRIBE it first or use another id");
		}
		if (known == null && this.destinations.size() >= most) {
			throw new RefusedException("too-many-subscriptions", "A connection has at most " + most + " subscriptions");
		}
		if (known != null) {
			return;
		}
		// Most sessions have one: that costs no table.
		if (this.destinations.isEmpty()) {
			this.destinations = Map.of(id, destination);
			return;
		}
		if (!(this.destinations instanceof HashMap)) {
			this.destinations = new HashMap<>(this.destinations);
		}
		this.destinations.put(id, destination);
	}

	/** Removes one; false when there is none of this id. */
	synchronized boolean remove(String id) {
		boolean found = this.destinations.containsKey(id);
		if (found && this.destinations.size() == 1) {
			this.destinations = Map.of();
		}
		else if (found) {
			this.destinations.remove(id);
		}
		return found;
	}

	/**
	 * Nothing begins any more that {@link #unlessEnded} guards. Waits for what runs.
	 * @param patience the longest wait
	 * @return the thread in which it still runs, or null
	 */
	synchronized @Nullable Thread end(Duration patience) {
		this.ended = true;
		awaitOthers(patience);
		return (this.running != Thread.currentThread()) ? this.running : null;
	}

	/**
	 * Runs a task unless the session has ended, and one at a time. The task may call the
	 * application's listeners, so no lock is held meanwhile.
	 * @param patience the longest wait for a task of another thread, and for that alone
	 * @return false if the session has ended
	 */
	boolean unlessEnded(Duration patience, Runnable task) {
		Thread me = Thread.currentThread();
		boolean within;
		synchronized (this) {
			awaitOthers(patience);
			if (this.ended) {
				return false;
			}
			within = this.running == me;
			this.running = me;
		}
		try {
			task.run();
		}
		finally {
			if (!within) {
				released(me);
			}
		}
		synchronized (this) {
			return !this.ended;
		}
	}

	private synchronized void released(Thread me) {
		if (this.running == me) {
			this.running = null;
		}
		notifyAll();
	}

	@GuardedBy("this")
	private void awaitOthers(Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		while (this.running != null && this.running != Thread.currentThread()) {
			long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
			if (left <= 0) {
				return;
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

}
