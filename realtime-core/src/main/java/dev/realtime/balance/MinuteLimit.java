package dev.realtime.balance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many clients may go now: evenly over time, and never more than so many in any
 * minute. What is not used is not saved up. Knows no clock and no thread; for one thread.
 */
final class MinuteLimit {

	private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

	private final int perMinute;

	private final long intervalNanos;

	/** The last minute; bounded by how often a step is taken. */
	private final Deque<Gone> gone = new ArrayDeque<>();

	/** A part of one client is kept for the next step. */
	private double allowed;

	private long steppedNanos;

	MinuteLimit(int perMinute, long intervalNanos, long nowNanos) {
		this.perMinute = perMinute;
		this.intervalNanos = intervalNanos;
		this.steppedNanos = nowNanos;
	}

	/** Returns how many may go now. Called once in each interval. */
	int allowed(long nowNanos) {
		this.gone.removeIf((each) -> nowNanos - each.nanos() >= MINUTE_NANOS);
		double elapsed = Math.min(nowNanos - this.steppedNanos, 2 * this.intervalNanos);
		this.steppedNanos = nowNanos;
		this.allowed = Math.min(this.allowed, 1) + elapsed / MINUTE_NANOS * this.perMinute;
		return (int) Math.min(this.allowed, this.perMinute - since(nowNanos - MINUTE_NANOS));
	}

	/** So many were told to go. */
	void went(int clients, long nowNanos) {
		if (clients > 0) {
			this.allowed -= clients;
			this.gone.add(new Gone(clients, nowNanos));
		}
	}

	/** Returns how many were told to go since this time, at most a minute ago. */
	int since(long nanos) {
		return this.gone.stream().filter((each) -> each.nanos() - nanos > 0).mapToInt(Gone::clients).sum();
	}

	private record Gone(int clients, long nanos) {
	}

}
