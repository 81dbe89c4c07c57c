package dev.realtime.unread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Forms batches of keys, of which each becomes one question. The keys of a batch that
 * failed are asked about in batches of half the size, until the key that fails is alone.
 * That one pauses before it is asked about again, each time twice as long up to a minute.
 * Keys that are answered return to full batches. Confined to the watch's loop.
 */
final class Batches<K> {

	private static final long MAX_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final int size;

	private final long firstPauseNanos;

	/** The largest batch of a key whose last batch failed. */
	private final Map<K, Integer> limits = new HashMap<>();

	/** Keys that failed alone. */
	private final Map<K, Pause> pauses = new HashMap<>();

	Batches(int size, Duration firstPause) {
		this.size = size;
		this.firstPauseNanos = firstPause.toNanos();
	}

	/**
	 * Forms batches of the keys that do not pause. Keys that follow one another in the
	 * collection share a batch if they can; the batches are in a random order, so that
	 * those that fail do not keep others from their turn.
	 */
	List<List<K>> of(Collection<K> keys, long nowNanos) {
		Map<Integer, List<K>> bySize = new TreeMap<>();
		for (K key : keys) {
			Pause pause = this.pauses.get(key);
			if (pause == null || nowNanos - pause.untilNanos() >= 0) {
				bySize.computeIfAbsent(this.limits.getOrDefault(key, this.size), (any) -> new ArrayList<>()).add(key);
			}
		}
		List<List<K>> batches = new ArrayList<>();
		bySize.forEach((most, some) -> {
			for (int from = 0; from < some.size(); from += most) {
				batches.add(some.subList(from, Math.min(some.size(), from + most)));
			}
		});
		Collections.shuffle(batches);
		return batches;
	}

	/** Notes that the store has answered for these keys. */
	void answered(List<K> batch) {
		if (!this.limits.isEmpty()) {
			batch.forEach(this.limits::remove);
			batch.forEach(this.pauses::remove);
		}
	}

	/**
	 * Notes that the store failed for these keys while it answered for others.
	 * @return whether it was a single key, which pauses now
	 */
	boolean failed(List<K> batch, long nowNanos) {
		int most = Math.max(1, batch.size() / 2);
		batch.forEach((key) -> this.limits.put(key, most));
		if (batch.size() > 1) {
			return false;
		}
		this.pauses.compute(batch.get(0), (key, last) -> {
			long length = (last != null) ? Math.min(2 * last.lengthNanos(), MAX_PAUSE_NANOS) : this.firstPauseNanos;
			return new Pause(nowNanos + length, length);
		});
		return true;
	}

	/** Forgets the keys that are no longer of interest. */
	void retain(Predicate<K> wanted) {
		this.limits.keySet().removeIf(wanted.negate());
		this.pauses.keySet().removeIf(wanted.negate());
	}

	private record Pause(long untilNanos, long lengthNanos) {
	}

}
