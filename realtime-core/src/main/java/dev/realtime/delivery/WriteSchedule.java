package dev.realtime.delivery;

import java.util.concurrent.TimeUnit;

/**
 * When a shard writes. At once, as long as writing takes less than half of its time or
 * nothing comes while it writes. Beyond, it waits as long as its last round of writes
 * took, five milliseconds at most: what comes meanwhile shares the write, and a write of
 * eight messages costs the system hardly more than a write of one. So a busy shard gets
 * cheaper for each delivery instead of falling behind. Confined to the shard.
 */
final class WriteSchedule {

	/** Offers to queues after which writing begins anyway. */
	static final int MAX_OFFERS = 65_536;

	/** Fewer writes are no burden. */
	private static final int FEW = 32;

	private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private long lastTookNanos;

	private long lastEndNanos;

	private boolean waiting;

	private long waitingUntilNanos;

	WriteSchedule(long nowNanos) {
		this.lastEndNanos = nowNanos;
	}

	/**
	 * How long to wait before writing.
	 * @return 0 to write now, -1 when an earlier wait is not over, else nanoseconds after
	 * which to ask again
	 */
	long wait(long nowNanos, int writes, int offers) {
		if (writes < FEW || offers >= MAX_OFFERS) {
			return 0;
		}
		if (this.waiting) {
			return (nowNanos - this.waitingUntilNanos >= 0) ? 0 : -1;
		}
		if (nowNanos - this.lastEndNanos >= this.lastTookNanos) {
			return 0;
		}
		long wait = Math.min(this.lastTookNanos, LONGEST_WAIT_NANOS);
		this.waiting = true;
		this.waitingUntilNanos = nowNanos + wait;
		return wait;
	}

	/**
	 * A round of writes is over.
	 * @param more whether something came meanwhile: only then is a wait worth its delay
	 */
	void wrote(long beganNanos, long endedNanos, boolean more) {
		this.waiting = false;
		this.lastTookNanos = more ? endedNanos - beganNanos : 0;
		this.lastEndNanos = endedNanos;
	}

}
