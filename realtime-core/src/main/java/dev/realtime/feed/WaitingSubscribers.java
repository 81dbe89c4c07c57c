package dev.realtime.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

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

	/** Whether a timer looks after those that wait. */
	private boolean watched;

	WaitingSubscribers(Environment environment) {
		this.environment = environment;
	}

	int size() {
		return this.bySubscriber.size();
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

	/**
	 * Returns after which time to call {@link #removeExpired}: once for all that wait.
	 * @return at least 1 ms; null when there is no need, or a timer runs already
	 */
	@Nullable Duration watch(Duration timeout) {
		if (this.watched || this.bySubscriber.isEmpty()) {
			return null;
		}
		this.watched = true;
		long since = this.bySubscriber.values().iterator().next().sinceNanos();
		return Duration.ofNanos(Math.max(1_000_000, since + timeout.toNanos() - this.environment.nanoTime()));
	}

	/** The timer: takes out those that have waited for at least this long. */
	List<S> removeExpired(Duration timeout) {
		this.watched = false;
		long now = this.environment.nanoTime();
		List<S> expired = new ArrayList<>();
		for (Iterator<Map.Entry<S, Waiting<R>>> each = this.bySubscriber.entrySet().iterator(); each.hasNext();) {
			Map.Entry<S, Waiting<R>> entry = each.next();
			if (now - entry.getValue().sinceNanos() < timeout.toNanos()) {
				break;
			}
			expired.add(entry.getKey());
			each.remove();
		}
		return expired;
	}

	private record Waiting<R>(R request, long sinceNanos) {
	}

}
