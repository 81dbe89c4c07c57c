package dev.realtime.occupancy;

import java.time.Duration;

/**
 * When other nodes may be taken for dead. After the store was away, and after this node
 * has started, they need time to renew their leases. Confined to the loop.
 */
final class Silence {

	private final long leaseNanos;

	private boolean away;

	private long sinceNanos;

	private long quietUntilNanos;

	/** A node that starts does not know whether the store was away just now. */
	Silence(Duration lease, long nowNanos) {
		this.leaseNanos = lease.toNanos();
		this.sinceNanos = nowNanos;
		this.quietUntilNanos = nowNanos + this.leaseNanos;
	}

	/** The store did not answer; the silence counts from its last answer. */
	void failed() {
		this.away = true;
	}

	void answered(long nowNanos) {
		long silent = nowNanos - this.sinceNanos;
		if (this.away || silent >= this.leaseNanos) {
			long until = nowNanos + Math.min(silent, this.leaseNanos);
			if (until - this.quietUntilNanos > 0) {
				this.quietUntilNanos = until;
			}
		}
		this.away = false;
		this.sinceNanos = nowNanos;
	}

	boolean isOver(long nowNanos) {
		return !this.away && nowNanos - this.quietUntilNanos >= 0 && nowNanos - this.sinceNanos < this.leaseNanos;
	}

}
