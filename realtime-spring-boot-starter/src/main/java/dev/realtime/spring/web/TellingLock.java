package dev.realtime.spring.web;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A lock whose holder tells others of nothing before it has released it. Those who are
 * told have locks of their own, and hold these when they call, so that each could wait
 * for the other.
 */
final class TellingLock {

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();

	private final Consumer<Throwable> failed;

	/**
	 * Makes a lock.
	 * @param failed gets what one of those throws who are told; the others are told all
	 * the same
	 */
	TellingLock(Consumer<Throwable> failed) {
		this.failed = failed;
	}

	void lock() {
		this.lock.lock();
	}

	/** Releases the lock, then tells. */
	void unlock() {
		this.lock.unlock();
		if (this.lock.isHeldByCurrentThread()) {
			return;
		}
		for (Runnable next = this.untold.poll(); next != null; next = this.untold.poll()) {
			try {
				next.run();
			}
			catch (Throwable ex) {
				this.failed.accept(ex);
			}
		}
	}

	/** Answers a question while the lock is held. */
	boolean hold(BooleanSupplier question) {
		lock();
		try {
			return question.getAsBoolean();
		}
		finally {
			unlock();
		}
	}

	/** Tells now, or when this thread has released the lock. */
	void tell(Runnable task) {
		if (this.lock.isHeldByCurrentThread()) {
			this.untold.add(task);
		}
		else {
			task.run();
		}
	}

}
