package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.loop.Environment;

/**
 * Subscribers that wait for a feed to open, in the order in which they came. It holds
 * those that wait and nothing else: one that leaves is taken out. Guarded by the feed's
 * lock, which callers hold.
 *
 * @param <S> the subscribers
 * @param <R> what each asked for
 */
final class WaitingSubscribers<S, R> {

	private final Environment environment;

	private final Map<S, Waiting<R>> bySubscriber = new LinkedHashMap<>();

	WaitingSubscribers(Environment environment) {
		this.environment = environment;
	}

	int size() {
		return this.bySubscriber.size();
	}

	boolean isEmpty() {
		return this.bySubscriber.isEmpty();
	}

	void add(S subscriber, R request) {
		this.bySubscriber.put(subscriber, new Waiting<>(request, this.environment.nanoTime()));
	}

	boolean remove(S subscriber) {
		return this.bySubscriber.remove(subscriber) != null;
	}

	/** Takes all out. */
	Map<S, R> removeAll() {
		Map<S, R> all = new LinkedHashMap<>();
		this.bySubscriber.forEach((subscriber, waiting) -> all.put(subscriber, waiting.request()));
		this.bySubscriber.clear();
		return all;
	}

	/** Takes out those that have waited for at least this long. */
	List<S> removeThoseThatWaited(Duration patience) {
		long now = this.environment.nanoTime();
		List<S> expired = new ArrayList<>();
		for (Iterator<Map.Entry<S, Waiting<R>>> each = this.bySubscriber.entrySet().iterator(); each.hasNext();) {
			Map.Entry<S, Waiting<R>> entry = each.next();
			if (now - entry.getValue().sinceNanos() < patience.toNanos()) {
				break;
			}
			expired.add(entry.getKey());
			each.remove();
		}
		return expired;
	}

	/**
	 * Returns how long the one that came first has still to wait at most; at least 1 ms.
	 */
	Duration left(Duration patience) {
		long since = this.bySubscriber.values().iterator().next().sinceNanos();
		return Duration.ofNanos(Math.max(1_000_000, since + patience.toNanos() - this.environment.nanoTime()));
	}

	private record Waiting<R>(R request, long sinceNanos) {
	}

}
