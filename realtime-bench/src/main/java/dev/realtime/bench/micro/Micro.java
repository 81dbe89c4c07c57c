package dev.realtime.bench.micro;

import java.io.IOException;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The command {@code micro [regex]}: runs the benchmarks of this package whose names
 * contain the expression, all by default, and prints JMH's table. Each has a JVM of its
 * own, two rounds to warm up and three that count, of a second each.
 */
public final class Micro {

	private Micro() {
	}

	/** Runs them. */
	public static void run(String... args) throws IOException, RunnerException {
		try (ForkClassPath path = new ForkClassPath()) {
			path.set();
			new Runner(new OptionsBuilder().include((args.length > 0) ? args[0] : ".*")
				.forks(1)
				.warmupIterations(2)
				.warmupTime(TimeValue.seconds(1))
				.measurementIterations(3)
				.measurementTime(TimeValue.seconds(1))
				.build()).run();
		}
	}

}
