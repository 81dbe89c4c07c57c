package dev.realtime.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import dev.realtime.loop.Environment;

/**
 * An environment whose time moves only when told, and whose loops all run on the thread
 * that made it. Whenever several loops have something to do, the seed decides which of
 * them is next; each loop keeps its own order. So the same seed gives the same run.
 * <p>
 * A task that blocks through {@link #pause}, {@link #await} or {@link #join} lets the
 * other loops run meanwhile, and time pass if nothing else is due; its own loop waits.
 * Such waits nest: the one that began last ends first. Other threads must stay outside:
 * what they give to a loop is refused with an {@link IllegalStateException}, so a hidden
 * thread is found.
 */
public final class VirtualEnvironment extends Environment {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	/** More tasks than this in one call are taken for tasks that wake each other. */
	private static final int MAX_STEPS = 10_000_000;

	private final Thread thread = Thread.currentThread();

	private final List<VirtualExecutor> executors = new ArrayList<>();

	/** Reused by each step. */
	private final List<VirtualExecutor> ready = new ArrayList<>();

	/** Decides which loop is next. */
	private final Random order;

	private final Random random;

	private final Random secureRandom;

	private final Clock clock = InstantSource.tick(this::instant, Duration.ofNanos(1)).withZone(ZoneOffset.UTC);

	private final long seed;

	private final long mostSteps;

	/** Tasks that have run. */
	private long steps;

	private volatile long nanos;

	/** How far the wall clock was set forward, or back. */
	private volatile Duration shift = Duration.ZERO;

	/** Makes an environment in which nothing has happened yet. */
	public VirtualEnvironment(long seed) {
		this(seed, Long.MAX_VALUE);
	}

	/**
	 * Makes an environment whose run ends after so many tasks at the latest.
	 * @param mostSteps each step beyond that throws {@link TooManyStepsException}
	 */
	public VirtualEnvironment(long seed, long mostSteps) {
		this.seed = seed;
		this.mostSteps = mostSteps;
		Random seeds = new Random(seed);
		this.order = new Random(seeds.nextLong());
		this.random = new Random(seeds.nextLong());
		this.secureRandom = new Random(seeds.nextLong());
		// so that code which compares nano times instead of their differences is found
		this.nanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
	}

	/** Runs what is due now, and what that makes due now. */
	public void runDue() {
		for (int i = 0; i < MAX_STEPS; i++) {
			if (!step()) {
				return;
			}
		}
		throw new IllegalStateException("Tasks wake each other without an end");
	}

	/** Lets time pass, and runs what becomes due, each task at its time. */
	public void advance(Duration time) {
		boolean unused = runUntil(() -> false, time);
		runDue();
	}

	/**
	 * Lets time pass until the condition holds, at most so long.
	 * @throws AssertionError if it does not hold by then
	 */
	public void advanceUntil(BooleanSupplier condition, Duration patience) {
		if (!runUntil(condition, patience)) {
			throw new AssertionError("It is not so after " + patience);
		}
	}

	/** Sets the wall clock forward, or back by a negative time; loops do not notice. */
	public void shiftClock(Duration by) {
		this.shift = this.shift.plus(by);
	}

	@Override
	public long nanoTime() {
		return this.nanos;
	}

	@Override
	public Clock clock() {
		return this.clock;
	}

	@Override
	public RandomGenerator random() {
		return this.random;
	}

	@Override
	public RandomGenerator secureRandom() {
		return this.secureRandom;
	}

	@Override
	protected ScheduledExecutorService executor(String name, int threads) {
		return executorOf(name, threads);
	}

	VirtualExecutor executorOf(String name, int threads) {
		VirtualExecutor executor = new VirtualExecutor(this, name, threads);
		this.executors.add(executor);
		return executor;
	}

	@Override
	public void pause(Duration time) {
		boolean unused = runUntil(Thread.currentThread()::isInterrupted, time);
	}

	@Override
	public <T> T await(Future<T> future, Duration patience)
			throws InterruptedException, ExecutionException, TimeoutException {
		if (!runUntil(future::isDone, patience)) {
			throw new TimeoutException("Not complete within " + patience);
		}
		return future.get();
	}

	@Override
	public <T> T join(CompletableFuture<T> future) {
		while (!future.isDone()) {
			if (!step() && !moveToNext(Long.MAX_VALUE)) {
				throw new IllegalStateException("Waits for what nothing will complete");
			}
		}
		return future.join();
	}

	/** Names the seed, with which a run can be repeated. */
	@Override
	public String toString() {
		return "virtual environment of seed " + this.seed;
	}

	void check() {
		if (Thread.currentThread() != this.thread) {
			throw new IllegalStateException("A thread outside of the simulation: " + Thread.currentThread());
		}
	}

	boolean runUntil(BooleanSupplier condition, Duration patience) {
		check();
		long deadline = this.nanos + patience.toNanos();
		for (int i = 0; i < MAX_STEPS && !condition.getAsBoolean(); i++) {
			if (!step() && !moveToNext(deadline - this.nanos)) {
				this.nanos = (deadline - this.nanos > 0) ? deadline : this.nanos;
				return condition.getAsBoolean();
			}
		}
		return condition.getAsBoolean();
	}

	/** Runs one task that is due; returns false if there is none. */
	private boolean step() {
		check();
		this.ready.clear();
		for (VirtualExecutor each : this.executors) {
			if (each.dueIn(this.nanos) <= 0) {
				this.ready.add(each);
			}
		}
		if (this.ready.isEmpty()) {
			return false;
		}
		if (this.steps == this.mostSteps) {
			throw new TooManyStepsException("After " + this.steps + " tasks there is still more to do on "
					+ this.ready.stream().map(VirtualExecutor::toString).toList());
		}
		this.steps++;
		this.ready.get(this.order.nextInt(this.ready.size())).runNext();
		return true;
	}

	/** How many tasks have run. */
	public long steps() {
		return this.steps;
	}

	void forget(List<VirtualExecutor> executors) {
		this.executors.removeAll(executors);
	}

	/** Moves to the time of the next task, unless that is further away. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
	private boolean moveToNext(long most) {
		long next = Long.MAX_VALUE;
		for (VirtualExecutor each : this.executors) {
			next = Math.min(next, each.dueIn(this.nanos));
		}
		boolean comes = next != Long.MAX_VALUE && next <= most;
		if (comes) {
			this.nanos += next;
		}
		return comes;
	}

	private Instant instant() {
		long passed = this.nanos - (Long.MAX_VALUE - Duration.ofMinutes(1).toNanos());
		return START.plusNanos(passed).plus(this.shift);
	}

	/** Tasks go on and on. */
	public static final class TooManyStepsException extends IllegalStateException {

		TooManyStepsException(String message) {
			super(message);
		}

	}

}
