package dev.realtime.bench.simulation;

import java.util.SplittableRandom;

/**
 * Pauses of a process, such as those of its garbage collector: at random times, each as
 * long as an exponential distribution says.
 *
 * @param perSecond how many a second, on the mean; 0 for none
 * @param meanNanos how long each is, on the mean
 */
public record Stalls(double perSecond, double meanNanos) {

	private static final double SECOND = 1e9;

	/** Nothing stalls. */
	public static final Stalls NONE = new Stalls(0, 0);

	void begin(Timeline timeline, Program program, SplittableRandom random) {
		if (this.perSecond > 0) {
			timeline.after(exponential(random, SECOND / this.perSecond), () -> {
				program.pauseUntil(timeline.now() + exponential(random, this.meanNanos));
				begin(timeline, program, random);
			});
		}
	}

	static long exponential(SplittableRandom random, double mean) {
		return Math.round(-mean * StrictMath.log1p(-random.nextDouble()));
	}

}
