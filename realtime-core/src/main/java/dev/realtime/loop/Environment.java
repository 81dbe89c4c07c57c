package dev.realtime.loop;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The only source of time, randomness and threads. In production it is {@link #system()};
 * a simulation brings one whose time moves only when told and whose threads take turns in
 * an order that a seed decides. Safe for any number of threads.
 * <p>
 * An abstract class rather than an interface: with one subclass loaded the JIT compiler
 * inlines {@link #nanoTime()} without a type check.
 */
public abstract class Environment {

	/** Makes an environment. */
	protected Environment() {
	}

	/** Returns the environment of the JVM: its clocks, its generators, its threads. */
	public static Environment system() {
		return SystemEnvironment.INSTANCE;
	}

	/**
	 * Returns the monotonic time in nanoseconds, as {@link System#nanoTime()} does: only
	 * differences of two readings have a meaning.
	 */
	public abstract long nanoTime();

	/** Returns the wall clock, in UTC. It may be set back while the process runs. */
	public abstract Clock clock();

	/**
	 * Returns a generator for jitter and other choices that need not be secret. It is the
	 * calling thread's: do not keep it.
	 */
	public abstract RandomGenerator random();

	/**
	 * Returns a generator for what must not be guessed or repeated: epochs, ids, secrets.
	 * Safe for any number of threads.
	 */
	public abstract RandomGenerator secureRandom();

	/**
	 * Makes threads. Only {@link Loops} calls this.
	 * @param name the threads' name, to which a number is added if there are several
	 * @param threads how many tasks run side by side at most, 1 or more
	 */
	protected abstract ScheduledExecutorService executor(String name, int threads);

	/**
	 * Blocks for the given time. Returns early if the thread is interrupted, and leaves
	 * its interrupt flag set.
	 */
	public abstract void pause(Duration time);

	/**
	 * Blocks until the future is complete. For threads that may block.
	 * @param patience how long to wait at most
	 * @throws ExecutionException if the future failed
	 * @throws TimeoutException if it is not complete in time
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public abstract <T> T await(Future<T> future, Duration patience)
			throws InterruptedException, ExecutionException, TimeoutException;

	/**
	 * Blocks until the future is complete, however long that takes: for futures that end
	 * by themselves. For threads that may block.
	 * @throws java.util.concurrent.CompletionException if the future failed
	 */
	public abstract <T> T join(CompletableFuture<T> future);

	/** Returns a random id (version 4) from {@link #secureRandom()}. */
	public final UUID uuid() {
		RandomGenerator random = secureRandom();
		long high = (random.nextLong() & ~0xF000L) | 0x4000L;
		long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

}
