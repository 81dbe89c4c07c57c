package dev.realtime.testing.fuzz;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Checks inputs that grow out of a corpus. An input that did something new joins the
 * corpus. What is checked, and in which order, depends on the seed alone.
 */
final class FuzzRun {

	private static final int MOST_INPUTS = 4_000;

	private static final int MOST_BEHAVIOURS = 100_000;

	/** No input takes a thousandth of that. */
	private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(30);

	private static final int MOST_TRIALS = 4_000;

	private static final int SHOWN = 600;

	private final FuzzContract target;

	private final long seed;

	private final Random random;

	private final Mutator mutator;

	private final List<byte[]> inputs;

	private final Set<Object> behaviours = new HashSet<>();

	private volatile byte @Nullable [] current;

	private volatile long currentSince;

	private volatile @Nullable Throwable failure;

	private long executions;

	private long nanos;

	FuzzRun(FuzzContract target, long seed) {
		this.target = target;
		this.seed = seed;
		this.random = new Random(seed);
		this.mutator = new Mutator(this.random, target.words(), target.maxLength());
		this.inputs = new ArrayList<>(target.corpus());
	}

	/**
	 * Runs for some time.
	 * @throws AssertionError if an input breaks what must hold, or takes forever
	 */
	void run(long millis) throws InterruptedException {
		long begin = System.nanoTime();
		this.currentSince = begin;
		Thread worker = new Thread(() -> work(begin + TimeUnit.MILLISECONDS.toNanos(millis)), "fuzz");
		worker.setDaemon(true);
		worker.start();
		do {
			worker.join(500);
			if (worker.isAlive() && System.nanoTime() - this.currentSince > HANGING_NANOS) {
				AssertionError hanging = new AssertionError("An input takes forever: " + shown(this.current));
				hanging.setStackTrace(worker.getStackTrace());
				throw hanging;
			}
		}
		while (worker.isAlive());
		this.nanos = System.nanoTime() - begin;
		if (this.failure != null) {
			throw new AssertionError(this.failure.getMessage(), this.failure.getCause());
		}
	}

	private void work(long end) {
		try {
			for (byte[] input : List.copyOf(this.inputs)) {
				execute(input);
			}
			while (System.nanoTime() - end < 0) {
				execute(this.mutator.change(any(), any()));
			}
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
	}

	private byte[] any() {
		return this.inputs.get(this.random.nextInt(this.inputs.size()));
	}

	private void execute(byte[] input) {
		this.executions++;
		Object behaviour;
		try {
			behaviour = check(input);
		}
		catch (Throwable ex) {
			byte[] smallest = smallest(input, ex);
			throw new AssertionError("Broken by an input, execution " + this.executions + " of -Dfuzz.seed=" + this.seed
					+ ": " + ex + "\nAgain: -Dtest=" + this.target.getClass().getSimpleName() + " -Dfuzz.input="
					+ Base64.getEncoder().encodeToString(smallest) + '\n' + shown(smallest), ex);
		}
		if (this.behaviours.size() < MOST_BEHAVIOURS && this.behaviours.add(behaviour)) {
			if (this.inputs.size() < MOST_INPUTS) {
				this.inputs.add(input);
			}
			else {
				this.inputs.set(this.random.nextInt(MOST_INPUTS), input);
			}
		}
	}

	private Object check(byte[] input) throws Exception {
		this.current = input;
		this.currentSince = System.nanoTime();
		long before = allocated();
		Object behaviour = this.target.check(input);
		if (allocated() - before > this.target.mostAllocated(input.length)) {
			// The first time may have loaded classes.
			before = allocated();
			behaviour = this.target.check(input);
			long allocated = allocated() - before;
			if (allocated > this.target.mostAllocated(input.length)) {
				throw new AssertionError(input.length + " bytes allocated " + allocated);
			}
		}
		return behaviour;
	}

	private static long allocated() {
		return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	/** Leaves parts out as long as the failure is of the same type. */
	private byte[] smallest(byte[] input, Throwable failure) {
		byte[] smallest = input;
		int trials = 0;
		for (int size = Math.max(1, input.length / 2); size > 0; size /= 2) {
			for (int from = 0; from < smallest.length && trials < MOST_TRIALS; trials++) {
				byte[] smaller = without(smallest, from, Math.min(from + size, smallest.length));
				if (isBroken(smaller, failure)) {
					smallest = smaller;
				}
				else {
					from += size;
				}
			}
		}
		return smallest;
	}

	private boolean isBroken(byte[] input, Throwable failure) {
		try {
			check(input);
			return false;
		}
		catch (Throwable ex) {
			return ex.getClass() == failure.getClass();
		}
	}

	private static byte[] without(byte[] input, int from, int to) {
		byte[] rest = new byte[input.length - (to - from)];
		System.arraycopy(input, 0, rest, 0, from);
		System.arraycopy(input, to, rest, from, input.length - to);
		return rest;
	}

	/** Returns the beginning of an input in ASCII. */
	private static String shown(byte @Nullable [] input) {
		byte[] known = (input != null) ? Arrays.copyOf(input, Math.min(input.length, SHOWN)) : new byte[0];
		StringBuilder shown = new StringBuilder();
		for (char each : new String(known, StandardCharsets.ISO_8859_1).toCharArray()) {
			shown.append((each >= ' ' && each <= '~') ? String.valueOf(each) : String.format("\\x%02x", (int) each));
		}
		return shown.toString();
	}

	@Override
	public String toString() {
		return String.format("seed %d, %d executions in %d ms, %d of them new", this.seed, this.executions,
				TimeUnit.NANOSECONDS.toMillis(this.nanos), this.behaviours.size());
	}

}
