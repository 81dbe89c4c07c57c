package dev.realtime.spring.stomp;

import java.util.ArrayDeque;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskRejectedException;

/**
 * The tasks of one session that wait. Exists while there are any: when the last one has
 * run the lane ends, and the next task begins another one.
 */
final class SessionLane implements Runnable {

	private static final int TASKS_IN_A_ROW = 32;

	private static final long MAX_WAIT_MILLIS = 30_000;

	private final SessionOrderedExecutor executor;

	private final String session;

	private final int bound;

	@GuardedBy("this")
	private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

	/** It runs, or it will: it is given to the executor, or its next task is held. */
	@GuardedBy("this")
	private boolean running;

	/** A new lane takes over. */
	@GuardedBy("this")
	private boolean ended;

	private volatile @Nullable Thread worker;

	SessionLane(SessionOrderedExecutor executor, String session, int bound) {
		this.executor = executor;
		this.session = session;
		this.bound = bound;
	}

	String session() {
		return this.session;
	}

	/**
	 * Adds a task.
	 * @param wait whether to wait for room
	 * @return false when the lane has ended
	 * @throws RuntimeException when the executor takes nothing, unless the task is the
	 * session's end
	 */
	boolean add(Runnable task, boolean wait) {
		synchronized (this) {
			if (wait) {
				awaitRoom();
			}
			if (this.ended) {
				return false;
			}
			this.waiting.add(task);
			if (this.running) {
				return true;
			}
			this.running = true;
		}
		start(task);
		return true;
	}

	/**
	 * Adds what is to run when everything before it has.
	 * @return false when it has already
	 */
	synchronized boolean addLast(Runnable task) {
		if (this.ended) {
			return false;
		}
		this.waiting.add(new Last(task));
		return true;
	}

	@Override
	public void run() {
		this.worker = Thread.currentThread();
		for (int i = 0; i < TASKS_IN_A_ROW; i++) {
			Runnable first = first();
			if (first == null) {
				this.worker = null;
				return;
			}
			if (this.executor.isHeld(first)) {
				this.worker = null;
				this.executor.resumeWhenOpen(this);
				return;
			}
			take(first);
			SessionOrderedExecutor.contained(first);
		}
		this.worker = null;
		this.executor.insist(this);
	}

	/** The next task, which stays; without one the lane ends. */
	private synchronized @Nullable Runnable first() {
		if (this.waiting.isEmpty()) {
			end();
		}
		return this.waiting.peek();
	}

	private synchronized void take(Runnable first) {
		this.waiting.remove();
		if (first instanceof Last && this.waiting.isEmpty()) {
			// What it begins finds no lane, and runs without one.
			end();
		}
		notifyAll();
	}

	private void start(Runnable task) {
		try {
			this.executor.delegate().execute(this);
		}
		catch (Throwable ex) {
			boolean isEnd = SendGate.isEnd(task);
			if (isEnd || remove(task)) {
				this.executor.insist(this);
			}
			if (!isEnd) {
				throw ex;
			}
		}
	}

	/**
	 * Takes out a task that is refused.
	 * @return whether others wait
	 */
	private synchronized boolean remove(Runnable task) {
		this.waiting.remove(task);
		if (this.waiting.isEmpty()) {
			end();
		}
		return !this.ended;
	}

	@GuardedBy("this")
	private void end() {
		this.ended = true;
		this.executor.ended(this);
		notifyAll();
	}

	@GuardedBy("this")
	private void awaitRoom() {
		long deadline = System.currentTimeMillis() + MAX_WAIT_MILLIS;
		while (this.waiting.size() >= this.bound && !this.ended && Thread.currentThread() != this.worker) {
			long left = deadline - System.currentTimeMillis();
			if (left <= 0) {
				throw new TaskRejectedException("The frames before this one have not been handled for "
						+ MAX_WAIT_MILLIS / 1000 + " s; send more slowly");
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new TaskRejectedException("Interrupted while the session's earlier frames were handled", ex);
			}
		}
	}

	/** Runs when everything before it has. */
	private record Last(Runnable task) implements Runnable {

		@Override
		public void run() {
			this.task.run();
		}

	}

}
