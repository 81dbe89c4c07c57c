package dev.realtime.bench.simulation;

import java.util.SplittableRandom;

/** How many of so many independent trials succeed. */
final class Binomial {

	/** Above this mean the normal distribution is close enough. */
	private static final double LARGE = 30;

	private Binomial() {
	}

	static int draw(SplittableRandom random, int trials, double probability) {
		if (probability >= 1) {
			return trials;
		}
		double mean = trials * probability;
		if (mean > LARGE) {
			double deviation = StrictMath.sqrt(mean * (1 - probability));
			return (int) Math.max(0, Math.min(trials, Math.round(mean + deviation * gaussian(random))));
		}
		return inversion(random, trials, probability);
	}

	/** Walks the distribution up from zero. */
	private static int inversion(SplittableRandom random, int trials, double probability) {
		double odds = probability / (1 - probability);
		double mass = StrictMath.exp(trials * StrictMath.log1p(-probability));
		double rest = random.nextDouble();
		int successes = 0;
		while (rest > mass && successes < trials) {
			rest -= mass;
			mass *= odds * (trials - successes) / (successes + 1.0);
			successes++;
		}
		return successes;
	}

	/** Box and Muller. */
	private static double gaussian(SplittableRandom random) {
		double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-random.nextDouble()));
		return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
	}

}
