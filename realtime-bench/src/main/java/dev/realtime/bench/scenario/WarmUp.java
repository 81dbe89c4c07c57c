package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The time before a measurement: as long as the measurement, and then until the compiler
 * of the server's JVM has little left to do, so that what is measured is the server as it
 * runs for the rest of its life.
 */
final class WarmUp {

	/** Below so many cores over {@value #LOOK_SECONDS} s the compiler has settled. */
	private static final double SETTLED_CORES = 0.05;

	private static final int LOOK_SECONDS = 3;

	private WarmUp() {
	}

	/** Waits while the load goes on. */
	static void await(Settings settings, ServerProcess... processes) {
		long began = System.nanoTime();
		pause(settings.seconds());
		double before = compilerSeconds(processes);
		while (System.nanoTime() - began < Duration.ofSeconds(settings.warmUp()).toNanos()) {
			pause(LOOK_SECONDS);
			double now = compilerSeconds(processes);
			if ((now - before) / LOOK_SECONDS < SETTLED_CORES * processes.length) {
				return;
			}
			before = now;
		}
	}

	private static double compilerSeconds(ServerProcess... processes) {
		return Arrays.stream(processes).mapToDouble(ServerProcess::compilerSeconds).sum();
	}

	private static void pause(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

}
