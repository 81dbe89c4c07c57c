package dev.realtime.bench.scenario;

import java.time.Duration;
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
	static void await(ServerProcess process, Settings settings) {
		long began = System.nanoTime();
		pause(settings.seconds());
		double before = process.compilerSeconds();
		while (System.nanoTime() - began < Duration.ofSeconds(settings.warmUp()).toNanos()) {
			pause(LOOK_SECONDS);
			double now = process.compilerSeconds();
			if ((now - before) / LOOK_SECONDS < SETTLED_CORES) {
				return;
			}
			before = now;
		}
	}

	private static void pause(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

}
