package dev.realtime.spring.occupancy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.spring.TopicEventsProperties;

/**
 * Counts the subscribers of topics, and announces an event when a topic gets its first or
 * has lost its last one. Callers change a count and, if that was the first or the last
 * subscriber, wake the loop, which compares the count with what it has announced.
 */
final class TopicEvents implements AutoCloseable {

	/** How often it is looked for topics whose changes were dropped. */
	private static final Duration CHECK = Duration.ofSeconds(1);

	private final int most;

	private final Duration grace;

	private final Loop loop;

	private final Announcer announcer;

	/** Topics with subscribers; any thread. */
	private final Map<Topic, Integer> counts = new ConcurrentHashMap<>();

	/** Changes that wait for the loop. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final LongAdder dropped = new LongAdder();

	/** Whether a change was dropped since all topics were last compared. */
	private volatile boolean behind;

	/** Announced as occupied, and not as vacated since; confined to the loop. */
	private final Set<Topic> occupied = new HashSet<>();

	/**
	 * Those of them without subscribers, until the grace is over; confined to the loop.
	 */
	private final Map<Topic, Loop.Delayed> leaving = new HashMap<>();

	/**
	 * Makes it.
	 * @param loop runs the announcer; closed by this
	 * @param announcer gets each event, and returns when listeners have it
	 */
	TopicEvents(TopicEventsProperties properties, Loop loop, Announcer announcer) {
		this.most = properties.queue();
		this.grace = properties.grace();
		this.loop = loop;
		this.announcer = announcer;
		loop.every(CHECK, this::catchUp);
	}

	/** The topic has one subscriber more. Any thread; does not block. */
	void joined(Topic topic) {
		Integer now = this.counts.merge(topic, 1, Integer::sum);
		if (now != null && now == 1) {
			changed(topic);
		}
	}

	/** The topic has one subscriber less. Any thread; does not block. */
	void left(Topic topic) {
		if (this.counts.computeIfPresent(topic, (name, count) -> (count > 1) ? count - 1 : null) == null) {
			changed(topic);
		}
	}

	/** How many topics have subscribers. */
	int topics() {
		return this.counts.size();
	}

	/** How many changes were dropped because too many waited. */
	long dropped() {
		return this.dropped.sum();
	}

	private void changed(Topic topic) {
		if (this.waiting.incrementAndGet() > this.most || !this.loop.tryExecute(() -> {
			this.waiting.decrementAndGet();
			compare(topic);
		})) {
			this.waiting.decrementAndGet();
			this.dropped.increment();
			this.behind = true;
		}
	}

	private void compare(Topic topic) {
		if (this.counts.containsKey(topic)) {
			Loop.Delayed end = this.leaving.remove(topic);
			if (end != null) {
				end.cancel();
			}
			if (this.occupied.add(topic)) {
				announce(topic, true);
			}
		}
		else if (this.occupied.contains(topic) && !this.leaving.containsKey(topic)) {
			this.leaving.put(topic, this.loop.after(this.grace, () -> vacate(topic)));
		}
	}

	private void vacate(Topic topic) {
		if (this.leaving.remove(topic) != null && !this.counts.containsKey(topic) && this.occupied.remove(topic)) {
			announce(topic, false);
		}
	}

	private void catchUp() {
		if (this.behind) {
			this.behind = false;
			List.copyOf(this.occupied).forEach(this::compare);
			this.counts.keySet().forEach(this::compare);
		}
	}

	private void announce(Topic topic, boolean occupied) {
		boolean unused = this.loop
			.contain(() -> this.announcer.announce(topic, occupied, this.loop.environment().clock().instant()));
		this.loop.progressed();
	}

	/** Announces nothing more; idempotent. */
	@Override
	public void close() {
		this.loop.close();
	}

	/** Where events go. */
	@FunctionalInterface
	interface Announcer {

		/**
		 * A topic has its first subscriber on this node, or has had none for the grace.
		 */
		void announce(Topic topic, boolean occupied, Instant time);

	}

}
