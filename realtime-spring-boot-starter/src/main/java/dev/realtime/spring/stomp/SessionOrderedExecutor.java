package dev.realtime.spring.stomp;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * Runs what belongs to one session one after the other, in the order it came, on the
 * threads of the channel's own executor; different sessions run side by side. At most
 * {@code bound} tasks of a session wait: then the caller, which is the container's thread
 * that reads this session's socket, waits, and so does the client.
 */
final class SessionOrderedExecutor implements TaskExecutor, InboundExecutor {

	private static final Logger logger = LoggerFactory.getLogger(SessionOrderedExecutor.class);

	private static final int TASKS_IN_A_ROW = 32;

	private static final long MAX_WAIT_MILLIS = 30_000;

	private final Executor delegate;

	private final int bound;

	private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

	/** Set while the calling thread runs frames that are in order already. */
	private final ThreadLocal<Boolean> ordered = new ThreadLocal<>();

	SessionOrderedExecutor(Executor delegate, int bound) {
		this.delegate = delegate;
		this.bound = bound;
	}

	/** The channel's own executor. */
	Executor delegate() {
		return this.delegate;
	}

	/**
	 * Runs frames whose order their caller keeps: what Spring hands over for them runs at
	 * once, without a queue.
	 */
	@Override
	public void handle(Runnable frames) {
		this.delegate.execute(() -> {
			this.ordered.set(true);
			try {
				frames.run();
			}
			finally {
				this.ordered.remove();
			}
		});
	}

	@Override
	public void execute(Runnable task) {
		if (this.ordered.get() != null && task instanceof MessageHandlingRunnable) {
			contained(task);
			return;
		}
		String session = (task instanceof MessageHandlingRunnable handling)
				? SimpMessageHeaderAccessor.getSessionId(handling.getMessage().getHeaders()) : null;
		if (session == null) {
			this.delegate.execute(task);
			return;
		}
		boolean added = false;
		while (!added) {
			added = this.lanes.computeIfAbsent(session, Lane::new).add(task);
		}
	}

	/** As on another thread: a handler's failure is not the sender's. */
	private static void contained(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			logger.error("A handler of the inbound channel failed", ex);
		}
	}

	/** The tasks of one session. */
	private final class Lane implements Runnable {

		private final String session;

		@GuardedBy("this")
		private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

		@GuardedBy("this")
		private boolean running;

		/** Taken out of the map: a new lane takes over. */
		@GuardedBy("this")
		private boolean ended;

		private volatile @Nullable Thread worker;

		Lane(String session) {
			this.session = session;
		}

		boolean add(Runnable task) {
			synchronized (this) {
				awaitRoom();
				if (this.ended) {
					return false;
				}
				this.waiting.add(task);
				if (this.running) {
					return true;
				}
				this.running = true;
			}
			start();
			return true;
		}

		@GuardedBy("this")
		private void awaitRoom() {
			long deadline = System.currentTimeMillis() + MAX_WAIT_MILLIS;
			while (this.waiting.size() >= SessionOrderedExecutor.this.bound && Thread.currentThread() != this.worker) {
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

		@Override
		public void run() {
			this.worker = Thread.currentThread();
			try {
				for (int i = 0; i < TASKS_IN_A_ROW; i++) {
					Runnable task = next();
					if (task == null) {
						return;
					}
					task.run();
				}
			}
			finally {
				this.worker = null;
				restartIfNeeded();
			}
		}

		private synchronized @Nullable Runnable next() {
			Runnable task = this.waiting.poll();
			notifyAll();
			if (task == null) {
				this.running = false;
				this.ended = true;
				SessionOrderedExecutor.this.lanes.remove(this.session, this);
			}
			return task;
		}

		private void restartIfNeeded() {
			synchronized (this) {
				if (this.ended) {
					return;
				}
			}
			start();
		}

		private void start() {
			try {
				SessionOrderedExecutor.this.delegate.execute(this);
			}
			catch (RuntimeException ex) {
				synchronized (this) {
					this.ended = true;
					this.waiting.clear();
					notifyAll();
				}
				SessionOrderedExecutor.this.lanes.remove(this.session, this);
				throw ex;
			}
		}

	}

}
