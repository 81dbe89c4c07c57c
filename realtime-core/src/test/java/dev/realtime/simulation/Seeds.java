package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Runs many seeds, one after the other, and counts. */
final class Seeds {

	private static final int MOST_FAILED = 20;

	/** Those that failed, at most {@value #MOST_FAILED}. */
	final List<Simulation.Result> failed = new ArrayList<>();

	private final long beganNanos = System.nanoTime();

	private long seeds;

	private long delivered;

	private long gaps;

	/**
	 * Runs seeds until all are done or some failed.
	 * @param most stops after so many that failed
	 */
	static Seeds run(long from, long count, int most) {
		Seeds seeds = new Seeds();
		quietly(() -> {
			for (long seed = from; seed < from + count && seeds.failed.size() < Math.min(most, MOST_FAILED); seed++) {
				seeds.run(seed);
			}
			return seeds;
		});
		return seeds;
	}

	/** What happens to the nodes is meant to happen: they log nothing. */
	private static <T> T quietly(Supplier<T> task) {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.realtime");
		logger.setLevel(Level.OFF);
		try {
			return task.get();
		}
		finally {
			logger.setLevel(null);
		}
	}

	private void run(long seed) {
		Simulation.Result result = Simulation.run(Plan.of(seed));
		this.seeds++;
		this.delivered += result.delivered();
		this.gaps += result.gaps();
		if (result.isFailed()) {
			this.failed.add(result);
		}
	}

	/**
	 * The first seed that failed, with the smallest plan that still fails, and its trace.
	 */
	String explanation() {
		if (this.failed.isEmpty()) {
			return "no seed failed";
		}
		Simulation.Result whole = this.failed.get(0);
		Simulation.Result smallest = quietly(() -> Shrinking.shrink(whole));
		StringBuilder text = new StringBuilder("Seed " + whole.plan().seed() + " broke " + whole.violations().get(0)
				+ "\nShrunk from " + whole.plan().operations().size() + " operations to "
				+ smallest.plan().operations().size() + ":");
		smallest.plan().operations().forEach((each) -> text.append("\n  ").append(each));
		text.append("\nTrace:");
		smallest.trace().forEach((each) -> text.append("\n  ").append(each));
		return text.toString();
	}

	/**
	 * For the command line: the first seed, how many, and {@code first} to end with the
	 * first that fails or {@code explain} to see why.
	 */
	public static void main(String[] args) {
		Seeds seeds = run(Long.parseLong(args[0]), Long.parseLong(args[1]), (args.length > 2) ? 1 : MOST_FAILED);
		if (args.length > 2 && args[2].equals("explain")) {
			System.out.println(seeds.explanation());
		}
		System.out.println(seeds);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(
				String.format("%d seeds, %d deliveries, %d gaps announced, %d seeds failed, %.1f s", this.seeds,
						this.delivered, this.gaps, this.failed.size(), (System.nanoTime() - this.beganNanos) / 1e9));
		this.failed.forEach((each) -> text.append("\nseed ")
			.append(each.plan().seed())
			.append(": ")
			.append(each.violations().get(0)));
		return text.toString();
	}

}
