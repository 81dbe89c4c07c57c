package dev.realtime.spring.ticket;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Keeps tickets on this node. All have the same time, so the first is the oldest. */
final class MemoryTicketStore implements TicketStore {

	private final Map<String, Kept> kept = new LinkedHashMap<>();

	private final int most;

	MemoryTicketStore(int most) {
		this.most = most;
	}

	@Override
	public synchronized boolean put(String key, String value, Duration time) {
		long now = System.nanoTime();
		this.kept.values().removeIf((each) -> each.isOver(now));
		if (this.kept.size() >= this.most) {
			this.kept.values().removeIf((each) -> each.value == null);
		}
		if (this.kept.size() >= this.most) {
			return false;
		}
		this.kept.put(key, new Kept(value, now + time.toNanos()));
		return true;
	}

	@Override
	public synchronized @Nullable String take(String key) {
		Kept found = this.kept.get(key);
		if (found == null || found.isOver(System.nanoTime())) {
			return null;
		}
		this.kept.put(key, new Kept(null, found.end));
		return found.value;
	}

	@Override
	public synchronized boolean wasTaken(String key) {
		Kept found = this.kept.get(key);
		return found != null && found.value == null;
	}

	/**
	 * What is kept.
	 *
	 * @param value null when it was taken
	 */
	private record Kept(@Nullable String value, long end) {

		boolean isOver(long now) {
			return now - this.end >= 0;
		}

	}

}
