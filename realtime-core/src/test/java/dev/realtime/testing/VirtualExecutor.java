package dev.realtime.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one loop in a {@link VirtualEnvironment}, which runs their tasks one at
 * a time.
 */
final class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {

	private final VirtualEnvironment environment;

	private final String name;

	private final int threads;

	private final TreeSet<Task<?>> tasks = new TreeSet<>();

	private long given;

	/** How many tasks have begun and not ended; more than one where tasks block. */
	private int busy;

	private boolean shutdown;

	/** Whether its process is stalled or dead: nothing begins. */
	private boolean held;

	VirtualExecutor(VirtualEnvironment environment, String name, int threads) {
		this.environment = environment;
		this.name = name;
		this.threads = threads;
	}

	/** Returns how long until a task can begin, in nanoseconds; the maximum for never. */
	long dueIn(long nowNanos) {
		return (!this.held && this.busy < this.threads && !this.tasks.isEmpty())
				? this.tasks.first().dueNanos - nowNanos : Long.MAX_VALUE;
	}

	void hold(boolean held) {
		this.held = held;
	}

	void runNext() {
		Task<?> next = this.tasks.pollFirst();
		if (next != null) {
			this.busy++;
			try {
				next.run();
			}
			finally {
				this.busy--;
			}
		}
	}

	@Override
	public void execute(Runnable command) {
		ScheduledFuture<?> unused = schedule(command, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
		return schedule(() -> {
			command.run();
			return null;
		}, delay, unit);
	}

	@Override
	public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
		this.environment.check();
		if (this.shutdown) {
			throw new RejectedExecutionException(this.name + " is closed");
		}
		Task<V> task = new Task<>(callable, this.environment.nanoTime() + Math.max(0, unit.toNanos(delay)),
				this.given++);
		this.tasks.add(task);
		return task;
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
		throw new UnsupportedOperationException("A loop schedules each run by itself");
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
		throw new UnsupportedOperationException("A loop schedules each run by itself");
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
		this.tasks.removeIf((task) -> task.getDelay(TimeUnit.NANOSECONDS) > 0);
	}

	@Override
	public List<Runnable> shutdownNow() {
		this.shutdown = true;
		List<Runnable> waiting = new ArrayList<>(this.tasks);
		this.tasks.clear();
		return waiting;
	}

	@Override
	public boolean isShutdown() {
		return this.shutdown;
	}

	@Override
	public boolean isTerminated() {
		return this.shutdown && this.tasks.isEmpty() && this.busy == 0;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) {
		return this.environment.runUntil(this::isTerminated, Duration.ofNanos(unit.toNanos(timeout)));
	}

	@Override
	public String toString() {
		return this.name;
	}

	private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

		private final long dueNanos;

		private final long number;

		Task(Callable<V> callable, long dueNanos, long number) {
			super(callable);
			this.dueNanos = dueNanos;
			this.number = number;
		}

		@Override
		public long getDelay(TimeUnit unit) {
			return unit.convert(this.dueNanos - VirtualExecutor.this.environment.nanoTime(), TimeUnit.NANOSECONDS);
		}

		@Override
		public boolean cancel(boolean mayInterrupt) {
			VirtualExecutor.this.tasks.remove(this);
			return super.cancel(mayInterrupt);
		}

		@Override
		public int compareTo(Delayed other) {
			if (other instanceof Task<?> task) {
				long before = this.dueNanos - task.dueNanos;
				return (before != 0) ? Long.signum(before) : Long.compare(this.number, task.number);
			}
			throw new IllegalArgumentException("Not a task of a virtual executor: " + other);
		}

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
