package dev.realtime.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** When a connection is closed, whatever comes from its client, and why. */
record Deadline(long nanos, CloseReason reason) {

	static Deadline after(long nowNanos, Duration time, CloseReason reason) {
		return new Deadline(nowNanos + time.toNanos(), reason);
	}

	/** Returns why the connection is to be closed now; null if its time is not over. */
	@Nullable CloseReason due(long nowNanos) {
		return (nowNanos - this.nanos > 0) ? this.reason : null;
	}

}
