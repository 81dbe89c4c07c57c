package dev.realtime.test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.relay.Relay;
import dev.realtime.test.RealtimeFaults.Outage;

/**
 * Stands between a broker and its node, and lets what arrives pass, wait or disappear.
 * What waited arrives before anything that comes later.
 */
final class AnnouncementGate implements Relay.Listener {

	private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

	private volatile Relay.Listener node = Relay.Listener.none();

	private final List<Runnable> held = new ArrayList<>();

	/** How many outages of each kind there are; guarded by the lock, as the list. */
	private int losing;

	private int holding;

	Relay.Listener before(Relay.Listener listener) {
		this.node = listener;
		return this;
	}

	Outage lose() {
		change(() -> this.losing++);
		return once(() -> {
			change(() -> this.losing--);
			this.node.onReconnected();
		});
	}

	Outage hold() {
		change(() -> this.holding++);
		return once(() -> change(() -> {
			this.holding--;
			if (this.holding == 0) {
				this.held.forEach(Runnable::run);
				this.held.clear();
			}
		}));
	}

	@Override
	public void onMessage(TopicMessage message) {
		pass(() -> this.node.onMessage(message));
	}

	@Override
	public void onSignal(Signal signal) {
		pass(() -> this.node.onSignal(signal));
	}

	@Override
	public void onReconnected() {
		this.node.onReconnected();
	}

	@Override
	public void onDropped() {
		this.node.onDropped();
	}

	/** Those of one topic come one after the other. */
	private void pass(Runnable arrival) {
		this.lock.readLock().lock();
		try {
			if (this.losing > 0) {
				return;
			}
			if (this.holding == 0) {
				arrival.run();
				return;
			}
			synchronized (this.held) {
				this.held.add(arrival);
			}
		}
		finally {
			this.lock.readLock().unlock();
		}
	}

	private void change(Runnable change) {
		this.lock.writeLock().lock();
		try {
			change.run();
		}
		finally {
			this.lock.writeLock().unlock();
		}
	}

	private static Outage once(Runnable end) {
		AtomicBoolean ended = new AtomicBoolean();
		return () -> {
			if (ended.compareAndSet(false, true)) {
				end.run();
			}
		};
	}

}
