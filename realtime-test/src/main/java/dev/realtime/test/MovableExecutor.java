package dev.realtime.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.loop.Environment;

/** Threads whose delayed tasks are due by the environment's time. */
final class MovableExecutor extends ScheduledThreadPoolExecutor {

	private final Environment environment;

	private final AtomicLong sequence = new AtomicLong();

	MovableExecutor(Environment environment, String name, int threads) {
		super(threads, new Names(name, threads));
		this.environment = environment;
		setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Lets a thread look whether a task is due that was not before.
	 * @return completes when what is due now has begun, and has run where there is one
	 * thread
	 */
	CompletableFuture<Void> look() {
		// A thread waits for the time that the first task was due when it began to wait.
		// It looks again when another task takes the first place, and at no other time.
		execute(new Wake());
		CompletableFuture<Void> looked = new CompletableFuture<>();
		execute(() -> looked.complete(null));
		return looked;
	}

	@Override
	protected <V> RunnableScheduledFuture<V> decorateTask(Runnable task, RunnableScheduledFuture<V> scheduled) {
		return new Due<>(task, this.environment.nanoTime() + scheduled.getDelay(TimeUnit.NANOSECONDS));
	}

	/** Comes before all other tasks. */
	private static final class Wake implements Runnable {

		@Override
		public void run() {
		}

	}

	/** A task, and when it is due. */
	private final class Due<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {

		private final long dueNanos;

		private final boolean wakes;

		private final long number = MovableExecutor.this.sequence.getAndIncrement();

		@SuppressWarnings("NullAway") // the result of a Runnable
		Due(Runnable task, long dueNanos) {
			super(task, null);
			this.wakes = task instanceof Wake;
			this.dueNanos = dueNanos;
		}

		@Override
		public boolean isPeriodic() {
			return false;
		}

		@Override
		public long getDelay(TimeUnit unit) {
			return unit.convert(this.dueNanos - MovableExecutor.this.environment.nanoTime(), TimeUnit.NANOSECONDS);
		}

		@Override
		public int compareTo(Delayed other) {
			Due<?> due = (Due<?>) other;
			if (this.wakes != due.wakes) {
				return this.wakes ? -1 : 1;
			}
			long difference = this.dueNanos - due.dueNanos;
			return (difference != 0) ? Long.signum(difference) : Long.compare(this.number, due.number);
		}

		@Override
		public boolean cancel(boolean interrupt) {
			boolean cancelled = super.cancel(interrupt);
			if (cancelled) {
				boolean unused = MovableExecutor.this.remove(this);
			}
			return cancelled;
		}

	}

	/** Daemons, named as the loop. */
	private record Names(String name, int threads, AtomicInteger number) implements ThreadFactory {

		Names(String name, int threads) {
			this(name, threads, new AtomicInteger());
		}

		@Override
		public Thread newThread(Runnable task) {
			Thread thread = new Thread(task,
					(this.threads == 1) ? this.name : this.name + "-" + this.number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		}

	}

}
