package dev.realtime.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What ends a connection although its socket is well: a deadline, the end of its
 * credentials, a client that is silent. Set by any thread; looked at by the connection's
 * shard, about once a second, so that each end may be a second late. A part of its
 * connection, not an object of its own, because there may be a million. Internal to the
 * engine.
 */
public abstract sealed class Lifetime permits Connection {

	/** How long a client has to reconnect that is told to. */
	private static final Duration LEAVING = Duration.ofSeconds(1);

	private final long openedNanos;

	private volatile long lastReadNanos;

	private volatile int sendEveryMillis;

	private volatile int expectEveryMillis;

	private volatile @Nullable Expiry expiry;

	/** When the client is told to reconnect elsewhere; null for never. */
	private volatile @Nullable Long leaveNanos;

	/** When the connection is closed, whatever comes from the client; null for never. */
	private volatile @Nullable Deadline deadline;

	Lifetime(long nowNanos) {
		this.openedNanos = nowNanos;
		this.lastReadNanos = nowNanos;
	}

	abstract Environment environment();

	/** When the connection came, in the environment's time. */
	public final long openedNanos() {
		return this.openedNanos;
	}

	/** Something came from the client: it is alive. */
	public final void received() {
		this.lastReadNanos = environment().nanoTime();
	}

	/**
	 * Closes the connection after this time, whatever comes from the client, unless
	 * {@link #stayOpen()} is called or another time is set before.
	 */
	public final void closeAfter(Duration time, CloseReason reason) {
		this.deadline = Deadline.after(environment().nanoTime(), time, reason);
	}

	/** Withdraws {@link #closeAfter}. */
	public final void stayOpen() {
		this.deadline = null;
	}

	/**
	 * The client's credentials end. When they do, the connection is closed with
	 * {@link CloseReason#EXPIRED}; before, the client is told if it understands control
	 * events. Replaces what was said before.
	 * @param in after this time
	 * @param notice how long before the end the client is told
	 */
	public final void expire(Duration in, Duration notice) {
		this.expiry = new Expiry(environment().nanoTime(), in, notice);
	}

	/** The client's credentials no longer end, whatever was said before. */
	public final void neverExpire() {
		this.expiry = null;
	}

	/**
	 * Has the client reconnect elsewhere after this time, as when the node drains: it is
	 * advised to if it understands control events, and closed with
	 * {@link CloseReason#RESTART} a second later.
	 */
	public final void leaveAfter(Duration time) {
		this.leaveNanos = environment().nanoTime() + time.toNanos();
	}

	/** Sets how often either side promised a sign of life; zero for never. */
	final void setHeartbeats(Duration sendEvery, Duration expectEvery) {
		this.sendEveryMillis = (int) Math.min(Integer.MAX_VALUE, sendEvery.toMillis());
		this.expectEveryMillis = (int) Math.min(Integer.MAX_VALUE, expectEvery.toMillis());
	}

	/**
	 * Looks at everything that ends the connection, and warns the client before its
	 * credentials end.
	 * @param stuck whether the socket has taken nothing for too long
	 * @return why the connection is to be closed now, or null
	 */
	final @Nullable CloseReason check(Connection connection, Transport transport, long nowNanos, boolean stuck) {
		if (isLeaveDue(nowNanos)) {
			connection.shared().scheduleReconnect(connection, LEAVING);
		}
		Deadline known = this.deadline;
		CloseReason overdue = (known != null) ? known.due(nowNanos) : null;
		Expiry ends = this.expiry;
		if (ends != null && ends.isOver(connection, nowNanos)) {
			return CloseReason.EXPIRED;
		}
		if (stuck) {
			return CloseReason.STUCK;
		}
		if (overdue != null) {
			return overdue;
		}
		long sinceRead = nowNanos - this.lastReadNanos;
		return (isSilent(sinceRead) || !transport.probe(sinceRead)) ? CloseReason.SILENT : null;
	}

	/** Whether the client is to be told now to reconnect elsewhere; true once. */
	private boolean isLeaveDue(long nowNanos) {
		Long leave = this.leaveNanos;
		boolean due = leave != null && nowNanos - leave >= 0;
		if (due) {
			this.leaveNanos = null;
		}
		return due;
	}

	/** Whether the client has broken its promise of heartbeats. */
	private boolean isSilent(long sinceReadNanos) {
		long expect = TimeUnit.MILLISECONDS.toNanos(this.expectEveryMillis);
		return expect > 0 && sinceReadNanos > 3 * expect;
	}

	/** Whether the client may expect a sign of life before the next look. */
	final boolean isHeartbeatDue(long sinceWriteNanos) {
		long every = TimeUnit.MILLISECONDS.toNanos(this.sendEveryMillis);
		return every > 0 && sinceWriteNanos + TimeUnit.SECONDS.toNanos(1) >= every;
	}

}
