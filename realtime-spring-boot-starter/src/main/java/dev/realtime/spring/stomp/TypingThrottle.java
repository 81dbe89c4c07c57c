package dev.realtime.spring.stomp;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;

/**
 * What one connection has told of its user's typing, so that it tells it seldom: that the
 * user types at most once an interval and topic, that they do not any more only after
 * that. Safe for any number of threads.
 */
final class TypingThrottle {

	/** Most topics that a connection may be typing on within {@link #MEMORY_NANOS}. */
	static final int MAX_TOPICS = 200;

	/** After this time every client has forgotten who types. */
	static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final long intervalNanos;

	private final Map<Topic, Told> told = new HashMap<>();

	TypingThrottle(long intervalNanos) {
		this.intervalNanos = intervalNanos;
	}

	/** Whether to tell it, at this time. */
	synchronized boolean passes(Topic topic, boolean typing, long nowNanos) {
		Told last = this.told.get(topic);
		if (!typing) {
			boolean passes = last != null && last.typing;
			if (last != null) {
				this.told.put(topic, new Told(last.sinceNanos, false));
			}
			return passes;
		}
		if (last != null && nowNanos - last.sinceNanos < this.intervalNanos) {
			return false;
		}
		if (last == null && this.told.size() >= MAX_TOPICS) {
			long memory = Math.max(this.intervalNanos, MEMORY_NANOS);
			this.told.values().removeIf((each) -> nowNanos - each.sinceNanos > memory);
			if (this.told.size() >= MAX_TOPICS) {
				return false;
			}
		}
		this.told.put(topic, new Told(nowNanos, true));
		return true;
	}

	/**
	 * What was told last.
	 *
	 * @param sinceNanos when it was told last that the user types
	 * @param typing whether nothing else was told since
	 */
	private record Told(long sinceNanos, boolean typing) {
	}

}
