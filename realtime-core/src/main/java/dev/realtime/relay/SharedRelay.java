package dev.realtime.relay;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * One relay for several brokers of a node, so that the node has one connection and gets
 * each message once. Each of them starts and closes it; the first one does it for all.
 * All of them have the same listener.
 */
public final class SharedRelay extends DelegatingRelay {

	@GuardedBy("this")
	private @Nullable Listener listener;

	/** Shares the given relay, which is not started yet. */
	public SharedRelay(Relay relay) {
		super(relay);
	}

	/**
	 * {@inheritDoc}
	 * @throws IllegalStateException when it was started for another listener
	 */
	@Override
	public synchronized void start(Listener listener) {
		if (this.listener == null) {
			super.start(listener);
			this.listener = listener;
		}
		else if (this.listener != listener) {
			throw new IllegalStateException("The relay already has another listener");
		}
	}

	@Override
	public synchronized void startAnnouncing() {
		if (this.listener == null) {
			super.startAnnouncing();
			this.listener = Listener.none();
		}
		else if (this.listener != Listener.none()) {
			throw new IllegalStateException("The relay already has a listener");
		}
	}

}
