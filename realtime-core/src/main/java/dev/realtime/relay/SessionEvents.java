package dev.realtime.relay;

import java.util.function.Consumer;

import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The events of one session, which may come before its opener has returned it. Says which
 * session was lost, so that events of an older one change nothing. Called on any thread;
 * {@code whenLost} runs on the relay's thread.
 */
final class SessionEvents implements RelaySession.Events {

	private final Loop thread;

	private final Consumer<RelaySession> whenLost;

	private final Runnable whenDropped;

	private volatile @Nullable RelaySession of;

	private volatile boolean lost;

	SessionEvents(Loop thread, Consumer<RelaySession> whenLost, Runnable whenDropped) {
		this.thread = thread;
		this.whenLost = whenLost;
		this.whenDropped = whenDropped;
	}

	/** Sets the session whose events these are. */
	void of(RelaySession opened) {
		this.of = opened;
		if (this.lost) {
			onLost();
		}
	}

	@Override
	public void onLost() {
		this.lost = true;
		RelaySession mine = this.of;
		if (mine != null) {
			this.thread.execute(() -> this.whenLost.accept(mine));
		}
	}

	@Override
	public void onDropped() {
		this.whenDropped.run();
	}

}
