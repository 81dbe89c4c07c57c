package dev.realtime.loop;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The system's environment, but for pools during whose checks something happens: just
 * after a pool has seen that it has not been shut down.
 */
final class EndingEnvironment extends Environment {

	/** Happens once. */
	volatile Runnable whileTaskIsGiven = () -> {
	};

	private final Environment system = Environment.system();

	@Override
	public long nanoTime() {
		return this.system.nanoTime();
	}

	@Override
	public Clock clock() {
		return this.system.clock();
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
		return new ScheduledThreadPoolExecutor(threads) {

			@Override
			public boolean isShutdown() {
				boolean before = super.isShutdown();
				Runnable meanwhile = EndingEnvironment.this.whileTaskIsGiven;
				EndingEnvironment.this.whileTaskIsGiven = () -> {
				};
				meanwhile.run();
				return before;
			}

		};
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

}
