package dev.realtime.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import dev.realtime.loop.Environment;

/**
 * One process of several in a {@link VirtualEnvironment}: it can stall, die, and have a
 * wall clock of its own. Time passes for all processes alike.
 */
public final class VirtualProcess extends Environment {

	private final VirtualEnvironment environment;

	private final String name;

	private final List<VirtualExecutor> executors = new ArrayList<>();

	private final Clock clock = InstantSource.tick(this::instant, Duration.ofNanos(1)).withZone(ZoneOffset.UTC);

	private Duration shift = Duration.ZERO;

	private boolean dead;

	/** Makes a process that runs. */
	public VirtualProcess(VirtualEnvironment environment, String name) {
		this.environment = environment;
		this.name = name;
	}

	/** Stops all its threads, whatever they do, until {@link #proceed()}. */
	public void stall() {
		this.executors.forEach((each) -> each.hold(true));
	}

	/** Ends a stall; what became due meanwhile runs now. */
	public void proceed() {
		if (!this.dead) {
			this.executors.forEach((each) -> each.hold(false));
		}
	}

	/** Ends it at once, without any of its code running again. */
	public void kill() {
		this.dead = true;
		for (VirtualExecutor each : this.executors) {
			each.hold(true);
			List<Runnable> unused = each.shutdownNow();
		}
		this.environment.forget(this.executors);
	}

	/** Whether it was killed. */
	public boolean isDead() {
		return this.dead;
	}

	/** Sets its wall clock forward, or back by a negative time. */
	public void shiftClock(Duration by) {
		this.shift = this.shift.plus(by);
	}

	@Override
	public long nanoTime() {
		return this.environment.nanoTime();
	}

	@Override
	public Clock clock() {
		return this.clock;
	}

	@Override
	public RandomGenerator random() {
		return this.environment.random();
	}

	@Override
	public RandomGenerator secureRandom() {
		return this.environment.secureRandom();
	}

	@Override
	protected ScheduledExecutorService executor(String name, int threads) {
		VirtualExecutor executor = this.environment.executorOf(this.name + '/' + name, threads);
		this.executors.add(executor);
		return executor;
	}

	@Override
	public void pause(Duration time) {
		this.environment.pause(time);
	}

	@Override
	public <T> T await(Future<T> future, Duration patience)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.environment.await(future, patience);
	}

	@Override
	public <T> T join(CompletableFuture<T> future) {
		return this.environment.join(future);
	}

	@Override
	public String toString() {
		return this.name + " in " + this.environment;
	}

	private Instant instant() {
		return this.environment.clock().instant().plus(this.shift);
	}

}
