package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes the plan of a failing run smaller while it still fails: leaves out operations,
 * first many at once, then one by one (delta debugging).
 */
final class Shrinking {

	/** So many runs at most. */
	private static final int MOST_RUNS = 400;

	private final Predicate<Plan> fails;

	private int runs;

	Shrinking(Predicate<Plan> fails) {
		this.fails = fails;
	}

	/** Returns the smallest plan that was found to fail. */
	static Simulation.Result shrink(Simulation.Result failed) {
		String rule = rule(failed);
		Plan smallest = new Shrinking((plan) -> {
			Simulation.Result again = Simulation.run(plan);
			return again.isFailed() && rule(again).equals(rule);
		}).shrink(failed.plan());
		return Simulation.run(smallest);
	}

	Plan shrink(Plan failing) {
		Plan smallest = failing;
		for (int size = Math.max(1, failing.operations().size() / 2); size > 0; size = (size == 1) ? 0 : size / 2) {
			boolean smaller = true;
			while (smaller && this.runs < MOST_RUNS) {
				Plan before = smallest;
				smallest = without(smallest, size);
				smaller = size == 1 && smallest.operations().size() < before.operations().size();
			}
		}
		return smallest;
	}

	/** Leaves out each stretch of so many operations that is not needed. */
	private Plan without(Plan plan, int size) {
		Plan smallest = plan;
		for (int at = 0; at < smallest.operations().size() && this.runs < MOST_RUNS;) {
			List<Operation> rest = new ArrayList<>(smallest.operations());
			rest.subList(at, Math.min(at + size, rest.size())).clear();
			Plan candidate = smallest.with(rest);
			this.runs++;
			if (this.fails.test(candidate)) {
				smallest = candidate;
			}
			else {
				at += size;
			}
		}
		return smallest;
	}

	/**
	 * The rule that was broken first: a smaller plan that breaks another is no answer.
	 */
	private static String rule(Simulation.Result result) {
		String first = result.violations().get(0);
		return first.substring(0, first.indexOf(':'));
	}

}
