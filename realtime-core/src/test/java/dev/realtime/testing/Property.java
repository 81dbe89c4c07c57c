package dev.realtime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Checks that something holds for all values of a kind, with values that are made from
 * seeds. The seeds of a build are always the same, so that it depends on the code alone.
 * <dl>
 * <dt>{@code property.seed}</dt>
 * <dd>the only seed to use, as a failure prints it</dd>
 * <dt>{@code property.tries}</dt>
 * <dd>how many seeds to use, instead of the number in the test</dd>
 * </dl>
 */
public final class Property {

	/** Sequences that are tried to make a failing one shorter. */
	private static final int MOST_SHORTER = 5_000;

	private Property() {
	}

	/**
	 * Checks values.
	 * @param tries how many
	 * @param value makes a value, which depends on the generator alone
	 * @param check throws when the value breaks the property
	 */
	public static <T> void holds(int tries, Function<? super RandomGenerator, T> value, Consumer<? super T> check) {
		forEachSeed(tries, (seed) -> {
			T each = value.apply(new SplittableRandom(seed));
			Throwable failure = failure(check, each);
			if (failure != null) {
				throw broken(seed, each, failure);
			}
		});
	}

	/**
	 * Checks sequences of steps. A failure shows a shorter sequence that fails too, found
	 * by leaving out steps.
	 * @param tries how many
	 * @param longest the most steps of a sequence
	 * @param step makes a step, which has no state
	 * @param check throws when the sequence breaks the property
	 */
	public static <T> void holdsForSequences(int tries, int longest, Function<? super RandomGenerator, T> step,
			Consumer<? super List<T>> check) {
		forEachSeed(tries, (seed) -> {
			RandomGenerator random = new SplittableRandom(seed);
			List<T> steps = new ArrayList<>();
			for (int i = random.nextInt(1, longest + 1); i > 0; i--) {
				steps.add(step.apply(random));
			}
			if (failure(check, steps) != null) {
				List<T> shortest = shortest(steps, check);
				throw broken(seed, shortest, failure(check, shortest));
			}
		});
	}

	private static void forEachSeed(int tries, Consumer<Long> check) {
		Long only = Long.getLong("property.seed");
		if (only != null) {
			check.accept(only);
			return;
		}
		long count = Long.getLong("property.tries", tries);
		for (long seed = 1; seed <= count; seed++) {
			check.accept(seed);
		}
	}

	private static <T> List<T> shortest(List<T> failing, Consumer<? super List<T>> check) {
		List<T> shortest = failing;
		int trials = 0;
		for (int size = failing.size(); size > 0; size /= 2) {
			for (int from = 0; from + size <= shortest.size() && trials < MOST_SHORTER; trials++) {
				List<T> shorter = new ArrayList<>(shortest);
				shorter.subList(from, from + size).clear();
				if (failure(check, shorter) != null) {
					shortest = shorter;
				}
				else {
					from++;
				}
			}
		}
		return shortest;
	}

	private static <T> @Nullable Throwable failure(Consumer<? super T> check, T value) {
		try {
			check.accept(value);
			return null;
		}
		catch (Exception | AssertionError ex) {
			return ex;
		}
	}

	private static AssertionError broken(long seed, Object value, @Nullable Throwable failure) {
		return new AssertionError("Broken by -Dproperty.seed=" + seed + ": " + value + '\n' + failure, failure);
	}

}
