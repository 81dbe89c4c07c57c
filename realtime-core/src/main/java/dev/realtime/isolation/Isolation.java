package dev.realtime.isolation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether this node is isolated: it does not reach the relay, and others do.
 * Knows no clock and no thread; for one thread.
 *
 * <pre>
 * CONNECTED ── the connection is lost ──→ AWAY ── for a time, and enough others reach it ──→ ISOLATED
 *     ↑                                    │ ↑                                              │   ↑
 *     ├────────────── back ────────────────┘ └──────── the others do not, either ───────────┤   │
 *     │                                                                                back │   │ lost again
 *     └─────────────────────── for a time ──────────────────────────────────────────── RETURNING
 * </pre>
 */
final class Isolation {

	/** What is known of the node. */
	enum State {

		/** It has the relay. */
		CONNECTED,

		/** It has not, and keeps its clients. */
		AWAY,

		/** It sends its clients away and is not ready. */
		ISOLATED,

		/** It has the relay again and is not ready yet. */
		RETURNING;

		/** Whether the node must get no clients. */
		boolean isIsolated() {
			return this == ISOLATED || this == RETURNING;
		}

	}

	/** In a row, so that one lost answer does not end an isolation. */
	private static final int POOR_VIEWS = 3;

	/**
	 * After an outage for all, nodes come back one after the other: Lettuce waits up to
	 * 30 s between two attempts.
	 */
	private static final Duration RECONNECTING = Duration.ofSeconds(30);

	private final IsolationOptions options;

	private State state = State.CONNECTED;

	/** When the state began. */
	private long sinceNanos;

	/** The end of the last isolation; null if there was none. */
	private @Nullable Long endedNanos;

	private int poorViews;

	/** Since when enough others have reached the relay, which this node does not. */
	private @Nullable Long reachedNanos;

	/** Whether the others did not reach it either for a part of this time. */
	private boolean wasAwayForAll;

	Isolation(IsolationOptions options) {
		this.options = options;
	}

	State state() {
		return this.state;
	}

	/** Whether the next step needs to know what the others say. */
	boolean needsView() {
		return this.state == State.AWAY || this.state == State.ISOLATED;
	}

	/** Whether the node has been without the relay for as long as it takes. */
	boolean isOverdue(long nowNanos) {
		return this.state == State.AWAY && nowNanos - this.sinceNanos >= this.options.after().toNanos();
	}

	/**
	 * Takes in how things are.
	 * @param nowNanos never goes back
	 * @param connected whether the node has a connection to the relay
	 * @param reaches whether something has passed the relay lately, there and back
	 * @param view what the others said since the last step, or null
	 * @return the state from now on
	 */
	State step(long nowNanos, boolean connected, boolean reaches, @Nullable PeerView view) {
		switch (this.state) {
			case CONNECTED -> {
				if (!connected) {
					enter(State.AWAY, nowNanos);
				}
			}
			case AWAY -> {
				if (connected) {
					enter(State.CONNECTED, nowNanos);
				}
				else if (view != null && isProved(nowNanos, view) && isOverdue(nowNanos) && !isPaused(nowNanos)) {
					enter(State.ISOLATED, nowNanos);
				}
			}
			case ISOLATED -> {
				if (reaches) {
					enter(State.RETURNING, nowNanos);
				}
				else if (view != null) {
					this.poorViews = view.isEnough(this.options.minPeers()) ? 0 : this.poorViews + 1;
					if (this.poorViews >= POOR_VIEWS) {
						end(State.AWAY, nowNanos);
					}
				}
			}
			case RETURNING -> {
				if (!reaches) {
					enter(State.ISOLATED, nowNanos);
				}
				else if (nowNanos - this.sinceNanos >= this.options.returnAfter().toNanos()) {
					end(State.CONNECTED, nowNanos);
				}
			}
		}
		return this.state;
	}

	/** Whether others have reached the relay for as long as it takes. */
	private boolean isProved(long nowNanos, PeerView view) {
		if (!view.isEnough(this.options.minPeers())) {
			this.poorViews++;
			if (this.poorViews >= POOR_VIEWS) {
				this.reachedNanos = null;
				this.wasAwayForAll |= view.others() > 0;
			}
			return false;
		}
		this.poorViews = 0;
		Long since = this.reachedNanos;
		if (since == null) {
			this.reachedNanos = nowNanos;
			return false;
		}
		Duration needed = this.wasAwayForAll ? this.options.after().plus(RECONNECTING) : this.options.after();
		return nowNanos - since >= needed.toNanos();
	}

	private boolean isPaused(long nowNanos) {
		Long ended = this.endedNanos;
		return ended != null && nowNanos - ended < this.options.pause().toNanos();
	}

	private void end(State next, long nowNanos) {
		this.endedNanos = nowNanos;
		enter(next, nowNanos);
	}

	private void enter(State next, long nowNanos) {
		this.state = next;
		this.sinceNanos = nowNanos;
		this.poorViews = 0;
		this.reachedNanos = null;
		this.wasAwayForAll = false;
	}

}
