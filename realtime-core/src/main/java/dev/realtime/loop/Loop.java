package dev.realtime.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background thread that runs tasks one after the other, in the order in which they
 * were given. Whatever a task throws, an {@link Error} too, ends that task alone: it is
 * counted and logged, and a periodic task runs again at its next time. Safe for any
 * number of threads; nothing but {@link #close(Duration)} blocks. What is given to a
 * closed loop is dropped, and {@link #tryExecute} tells so. The queue has no bound of its
 * own: the caller bounds how many tasks wait. {@link Loops} make it.
 */
public final class Loop implements Executor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	/** The pause before another attempt to schedule a periodic task. */
	private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

	private final Loops loops;

	private final Environment environment;

	private final String name;

	private final int threads;

	private final ScheduledExecutorService executor;

	private final boolean owned;

	private final FailureLog failures;

	/** Given to run at once, and not begun. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicInteger running = new AtomicInteger();

	private final List<Periodic> periodic = new CopyOnWriteArrayList<>();

	/** When a task last began, ended or progressed, or work came to an idle loop. */
	private volatile long progressNanos;

	private volatile boolean closed;

	Loop(Loops loops, String name, int threads, ScheduledExecutorService executor, boolean owned) {
		this.loops = loops;
		this.name = name;
		this.threads = threads;
		this.executor = executor;
		this.owned = owned;
		this.environment = loops.environment();
		this.progressNanos = this.environment.nanoTime();
		this.failures = new FailureLog(name, loops.failures(name), loops.environment());
	}

	/** Returns the name, which is the thread's unless the thread is another's. */
	public String name() {
		return this.name;
	}

	/** Returns the source of time and randomness of whatever runs here. */
	public Environment environment() {
		return this.environment;
	}

	/** Runs the task on the loop's thread, after those that were given before. */
	@Override
	public void execute(Runnable task) {
		boolean unused = tryExecute(task);
	}

	/**
	 * Runs the task as {@link #execute} does, if the thread takes it.
	 * @return false when it was dropped, because the loop is closed or because another's
	 * thread takes no more now
	 */
	public boolean tryExecute(Runnable task) {
		return tryExecute(task, this.owned ? this::soon : this.executor);
	}

	/**
	 * Runs the task as {@link #tryExecute} does, once everything else that is due on the
	 * thread has had a turn: on an event loop these are its sockets as well, which tasks
	 * that follow each other keep waiting.
	 */
	public boolean tryYield(Runnable task) {
		return tryExecute(task, this::soon);
	}

	/** A pool that ends meanwhile drops the task, and tells only its future. */
	private void soon(Runnable task) {
		if (this.executor.schedule(task, 0, TimeUnit.NANOSECONDS).isCancelled()) {
			throw new RejectedExecutionException("The pool has ended");
		}
	}

	private boolean tryExecute(Runnable task, Executor executor) {
		if (this.waiting.getAndIncrement() == 0 && this.running.get() == 0) {
			this.progressNanos = this.environment.nanoTime();
		}
		boolean accepted = false;
		try {
			executor.execute(() -> {
				this.waiting.decrementAndGet();
				run(task);
			});
			accepted = true;
		}
		catch (RejectedExecutionException ex) {
			dropped(ex);
		}
		finally {
			if (!accepted) {
				this.waiting.decrementAndGet();
			}
		}
		return accepted;
	}

	/**
	 * Runs the task once, after the delay.
	 * @return cancels the task unless it has begun
	 */
	public Delayed after(Duration delay, Runnable task) {
		try {
			ScheduledFuture<?> scheduled = this.executor.schedule(() -> run(task), delay.toNanos(),
					TimeUnit.NANOSECONDS);
			return () -> scheduled.cancel(false);
		}
		catch (RejectedExecutionException ex) {
			dropped(ex);
			return () -> {
			};
		}
	}

	/**
	 * Runs the task again and again until the loop is closed, whatever it throws.
	 * @param interval from the end of one run to the beginning of the next, and before
	 * the first
	 */
	public void every(Duration interval, Runnable task) {
		every(() -> interval, task);
	}

	/**
	 * Runs the task again and again until the loop is closed, whatever it throws.
	 * @param intervals asked before the first run and after each one for the time to the
	 * next
	 */
	public void every(Supplier<Duration> intervals, Runnable task) {
		Periodic each = new Periodic(intervals, task);
		if (each.schedule()) {
			this.periodic.add(each);
		}
	}

	/** Notes that the running task makes progress, which may take long as a whole. */
	public void progressed() {
		this.progressNanos = this.environment.nanoTime();
	}

	/**
	 * Runs the task on the calling thread, which must be the loop's, and contains what it
	 * throws: for a task that does several independent things.
	 * @return whether it returned normally
	 */
	public boolean contain(Runnable task) {
		try {
			task.run();
			return true;
		}
		catch (Throwable ex) {
			failed(ex);
			return false;
		}
	}

	/**
	 * Calls back on the thread that ends the stage, and contains what the callback
	 * throws.
	 */
	public <T> void listen(CompletionStage<T> stage,
			BiConsumer<? super @Nullable T, ? super @Nullable Throwable> listener) {
		CompletionStage<T> unused = stage
			.whenComplete((answer, failure) -> contain(() -> listener.accept(answer, failure)));
	}

	/** Counts and logs a failure that was contained elsewhere. */
	public void failed(Throwable failure) {
		this.failures.add(failure, !this.closed);
	}

	/** Whether this loop runs its tasks on the given executor. */
	public boolean runsOn(Executor other) {
		return this.executor == other;
	}

	public boolean isClosed() {
		return this.closed;
	}

	/** Returns how the loop is now. */
	public LoopState state() {
		long now = this.environment.nanoTime();
		long limit = this.loops.stalledAfterNanos();
		boolean hasWork = this.running.get() >= this.threads || this.waiting.get() > 0
				|| this.periodic.stream().anyMatch((each) -> each.isOverdue(now, limit));
		return new LoopState(this.name, this.failures.count(),
				!this.closed && hasWork && now - this.progressNanos > limit);
	}

	/**
	 * Closes without waiting: what waits is dropped, and what runs is interrupted unless
	 * the thread is another's. Idempotent.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.loops.closed(this);
		if (this.owned) {
			this.executor.shutdownNow();
		}
	}

	/**
	 * Closes after what was given to run at once; delayed and periodic tasks are dropped.
	 * Idempotent. The thread is not interrupted.
	 * @param patience how long to wait for it at most
	 * @return whether everything has run
	 */
	public boolean close(Duration patience) {
		this.closed = true;
		this.loops.closed(this);
		if (!this.owned) {
			return true;
		}
		this.executor.shutdown();
		try {
			return this.executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void run(Runnable task) {
		this.running.incrementAndGet();
		this.progressNanos = this.environment.nanoTime();
		try {
			task.run();
		}
		catch (Throwable ex) {
			failed(ex);
		}
		finally {
			this.progressNanos = this.environment.nanoTime();
			this.running.decrementAndGet();
		}
	}

	private void dropped(RejectedExecutionException ex) {
		logger.trace("Loop {} is closed; a task was dropped", this.name, ex);
	}

	/** A task that waits for its time. */
	@FunctionalInterface
	public interface Delayed {

		/** Drops the task unless it has begun; idempotent. */
		void cancel();

	}

	/** A task that runs again and again. */
	private final class Periodic implements Runnable {

		private final Supplier<Duration> intervals;

		private final Runnable task;

		private volatile long dueNanos;

		Periodic(Supplier<Duration> intervals, Runnable task) {
			this.intervals = intervals;
			this.task = task;
		}

		@Override
		public void run() {
			// another's executor goes on after our end
			if (!Loop.this.closed) {
				Loop.this.run(this.task);
				again();
			}
		}

		/** Returns false when the loop is closed. */
		boolean schedule() {
			long interval = this.intervals.get().toNanos();
			this.dueNanos = Loop.this.environment.nanoTime() + interval;
			try {
				ScheduledFuture<?> unused = Loop.this.executor.schedule(this, interval, TimeUnit.NANOSECONDS);
				return true;
			}
			catch (RejectedExecutionException ex) {
				dropped(ex);
				return false;
			}
		}

		/** A task that is not scheduled again would end without a trace. */
		private void again() {
			while (!Loop.this.closed) {
				try {
					var unused = schedule();
					return;
				}
				catch (Throwable ex) {
					failed(ex);
					Loop.this.environment.pause(RETRY_PAUSE);
				}
			}
		}

		boolean isOverdue(long nowNanos, long byNanos) {
			return nowNanos - this.dueNanos > byNanos;
		}

	}

}
