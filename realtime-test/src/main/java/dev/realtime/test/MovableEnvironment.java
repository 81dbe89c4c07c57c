package dev.realtime.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import dev.realtime.loop.Environment;

/**
 * The system's environment, whose clocks a test can put forward. Time goes on as ever,
 * and what is due in the skipped time runs at once, in its order.
 */
final class MovableEnvironment extends Environment {

	private static final int PATIENCE_SECONDS = 5;

	private final Environment system = Environment.system();

	private final AtomicLong aheadNanos = new AtomicLong();

	private final List<MovableExecutor> executors = new CopyOnWriteArrayList<>();

	private final Clock clock = new MovedClock();

	/** Returns when what became due has run, or after some seconds. */
	void advance(Duration time) {
		this.aheadNanos.addAndGet(time.toNanos());
		this.executors.removeIf(MovableExecutor::isShutdown);
		List<CompletableFuture<Void>> looking = new ArrayList<>();
		for (MovableExecutor each : this.executors) {
			try {
				looking.add(each.look());
			}
			catch (RejectedExecutionException ex) {
				// shut down meanwhile
			}
		}
		looking.forEach((each) -> each.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join());
	}

	@Override
	public long nanoTime() {
		return this.system.nanoTime() + this.aheadNanos.get();
	}

	@Override
	public Clock clock() {
		return this.clock;
	}

	@Override
	public RandomGenerator random() {
		return this.system.random();
	}

	@Override
	public RandomGenerator secureRandom() {
		return this.system.secureRandom();
	}

	@Override
	protected ScheduledExecutorService executor(String name, int threads) {
		MovableExecutor made = new MovableExecutor(this, name, threads);
		this.executors.add(made);
		return made;
	}

	@Override
	public void pause(Duration time) {
		this.system.pause(time);
	}

	@Override
	public <T> T await(Future<T> future, Duration patience)
			throws InterruptedException, ExecutionException, TimeoutException {
		return this.system.await(future, patience);
	}

	@Override
	public <T> T join(CompletableFuture<T> future) {
		return this.system.join(future);
	}

	private final class MovedClock extends Clock {

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException("The engine's clock is in UTC");
		}

		@Override
		public Instant instant() {
			return MovableEnvironment.this.system.clock().instant().plusNanos(MovableEnvironment.this.aheadNanos.get());
		}

	}

}
