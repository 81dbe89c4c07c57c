package dev.realtime.connection;

import java.time.Duration;

/** When a connection's credentials end. Confined to the connection's shard. */
final class Expiry {

	/** Longer than any process lives, and short enough to be counted in nanoseconds. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final long atNanos;

	private final long noticeAtNanos;

	private boolean noticed;

	Expiry(long nowNanos, Duration in, Duration notice) {
		long left = ((in.compareTo(LONGEST) < 0) ? in : LONGEST).toNanos();
		this.atNanos = nowNanos + left;
		this.noticeAtNanos = this.atNanos - notice.toNanos();
	}

	/** Tells the client in time that they end; true when they have. */
	boolean isOver(Connection connection, long nowNanos) {
		if (nowNanos - this.atNanos >= 0) {
			return true;
		}
		if (connection.wantsControlEvents() && isNoticeDue(nowNanos)) {
			connection.control((encoder) -> encoder.expiring(left(nowNanos)));
		}
		return false;
	}

	/** True once. */
	private boolean isNoticeDue(long nowNanos) {
		boolean due = !this.noticed && nowNanos - this.noticeAtNanos >= 0;
		this.noticed |= due;
		return due;
	}

	private Duration left(long nowNanos) {
		return Duration.ofNanos(Math.max(0, this.atNanos - nowNanos));
	}

}
