package dev.realtime.spring;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what waits, by number and by size. Safe for any number of threads. Public for
 * the starter's packages; not for applications.
 */
public final class Backlog {

	private final int most;

	private final long mostSize;

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicLong size = new AtomicLong();

	/**
	 * An empty one.
	 * @param most how many may wait
	 * @param mostSize how large all of them may be, in the caller's unit
	 */
	public Backlog(int most, long mostSize) {
		this.most = most;
		this.mostSize = mostSize;
	}

	/** Lets one more in if there is room; it must {@link #leave}. */
	public boolean enter(int size) {
		int number = this.count.incrementAndGet();
		boolean fits = this.size.addAndGet(size) <= this.mostSize && number <= this.most;
		if (!fits) {
			leave(size);
		}
		return fits;
	}

	/** Makes room for others. */
	public void leave(int size) {
		this.count.decrementAndGet();
		this.size.addAndGet(-size);
	}

	/** How many wait. */
	public int count() {
		return this.count.get();
	}

}
