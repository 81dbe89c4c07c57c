package dev.realtime.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one connection. Safe for any number of threads. */
final class Subscriptions {

	private final int most;

	@GuardedBy("this")
	private Map<String, Subscription> byId = Map.of();

	@GuardedBy("this")
	private boolean ended;

	/** How many wait for their feed. */
	@GuardedBy("this")
	private int opening;

	@GuardedBy("this")
	private @Nullable Runnable whenOpen;

	Subscriptions(int most) {
		this.most = most;
	}

	/**
	 * Adds one.
	 * @throws SubscribeException when its id is in use or a limit is reached
	 */
	synchronized void add(Subscription subscriber) {
		if (this.ended) {
			throw new SubscribeException("closed", "The connection is closed");
		}
		if (this.byId.containsKey(subscriber.id())) {
			throw new SubscribeException("duplicate-id", "Subscription id \"" + subscriber.id()
					+ "\" is in use on this connection; UNSUBSCRIBE it first or use another id");
		}
		if (this.byId.size() >= this.most) {
			throw new SubscribeException("too-many-subscriptions",
					"A connection has at most " + this.most + " subscriptions");
		}
		this.opening++;
		// Most connections have one: that costs no table.
		if (this.byId.isEmpty()) {
			this.byId = Map.of(subscriber.id(), subscriber);
			return;
		}
		if (!(this.byId instanceof HashMap)) {
			this.byId = new HashMap<>(this.byId);
		}
		this.byId.put(subscriber.id(), subscriber);
	}

	synchronized @Nullable Subscription remove(String id) {
		Subscription found = this.byId.get(id);
		if (found != null) {
			if (this.byId.size() == 1) {
				this.byId = Map.of();
			}
			else {
				this.byId.remove(id);
			}
		}
		return found;
	}

	/** Ends this very one, or what it brings for a pattern; false if it has ended. */
	boolean revoke(Subscriber subscriber) {
		Subscription found;
		synchronized (this) {
			found = this.byId.get(subscriber.id());
			if (found == subscriber) {
				remove(subscriber.id());
			}
		}
		if (found == subscriber) {
			subscriber.cancel();
			return true;
		}
		return found instanceof PatternSubscriber pattern && pattern.drop(subscriber);
	}

	synchronized @Nullable Subscription find(String id) {
		return this.byId.get(id);
	}

	synchronized List<Subscription> all() {
		return List.copyOf(this.byId.values());
	}

	/** The ids of those that bring messages of a topic of the pattern, or might. */
	List<String> thatMayBring(TopicPattern pattern) {
		return all().stream().filter((each) -> each.mayBring(pattern)).map(Subscription::id).toList();
	}

	synchronized boolean areOpening() {
		return this.opening > 0;
	}

	/**
	 * Keeps a callback until none waits for its feed.
	 * @return false when none does
	 */
	synchronized boolean callWhenOpen(Runnable task) {
		if (this.opening > 0) {
			this.whenOpen = task;
		}
		return this.opening > 0;
	}

	/** One that was added waits no longer; returns what to call now, if anything. */
	synchronized @Nullable Runnable opened() {
		if (--this.opening > 0) {
			return null;
		}
		Runnable task = this.whenOpen;
		this.whenOpen = null;
		return task;
	}

	/** Takes all out; none can be added any more. */
	synchronized List<Subscription> end() {
		List<Subscription> all = all();
		this.byId = Map.of();
		this.ended = true;
		return all;
	}

	/** No more can be added. */
	synchronized void close() {
		this.ended = true;
	}

	synchronized boolean contain(Topic topic) {
		for (Subscription each : this.byId.values()) {
			if (each.isOn(topic)) {
				return true;
			}
		}
		return false;
	}

}
