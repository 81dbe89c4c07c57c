package dev.realtime.loop;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The clocks, the generators and the threads of the JVM. Threads are daemons. */
final class SystemEnvironment extends Environment {

	static final SystemEnvironment INSTANCE = new SystemEnvironment();

	private final SecureRandom secureRandom = new SecureRandom();

	private SystemEnvironment() {
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Clock clock() {
		return Clock.systemUTC();
	}

	@Override
	public RandomGenerator random() {
		return ThreadLocalRandom.current();
	}

	@Override
	public RandomGenerator secureRandom() {
		return this.secureRandom;
	}

	@Override
	protected ScheduledExecutorService executor(String name, int threads) {
		AtomicInteger number = new AtomicInteger();
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(threads, (task) -> {
			Thread thread = new Thread(task, (threads == 1) ? name : name + "-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
		executor.setRemoveOnCancelPolicy(true);
		executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return executor;
	}

	@Override
	public void pause(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		long left = time.toNanos();
		while (left > 0 && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, left);
			left = end - System.nanoTime();
		}
	}

	@Override
	public <T> T await(Future<T> future, Duration patience)
			throws InterruptedException, ExecutionException, TimeoutException {
		return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public <T> T join(CompletableFuture<T> future) {
		return future.join();
	}

}
