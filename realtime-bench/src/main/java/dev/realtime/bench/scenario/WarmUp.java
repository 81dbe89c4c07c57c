package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * The time before a measurement: as long as the measurement, and then until the compilers
 * of the server's JVM and of the clients', which is this one, have little left to do, so
 * that what is measured is the server as it runs for the rest of its life. Clients that
 * are still being compiled add milliseconds to what the first server of a run shows.
 */
final class WarmUp {

	/** Below so many cores the compiler has settled. */
	private static final double SETTLED_CORES = 0.05;

	private static final int LOOK_SECONDS = 3;

	private WarmUp() {
	}

	/** Waits while the load goes on. */
	static void await(ServerProcess process, Settings settings) {
		pause(settings.seconds());
		await(process, settings, () -> pause(LOOK_SECONDS));
	}

	/** Repeats the load. */
	static void await(ServerProcess process, Settings settings, Runnable load) {
		repeat(settings, load, List.of(process::compilerSeconds, WarmUp::compilerSecondsHere));
	}

	/** Repeats a load that runs in this process as a whole. */
	static void await(Settings settings, Runnable load) {
		repeat(settings, load, List.of(WarmUp::compilerSecondsHere));
	}

	private static void repeat(Settings settings, Runnable load, List<DoubleSupplier> compilers) {
		long end = System.nanoTime() + Duration.ofSeconds(settings.warmUp()).toNanos();
		boolean settled = false;
		while (!settled && System.nanoTime() - end < 0) {
			double[] before = compilers.stream().mapToDouble(DoubleSupplier::getAsDouble).toArray();
			long since = System.nanoTime();
			load.run();
			double seconds = (System.nanoTime() - since) / 1e9;
			settled = IntStream.range(0, before.length)
				.allMatch((i) -> (compilers.get(i).getAsDouble() - before[i]) / seconds < SETTLED_CORES);
		}
	}

	private static double compilerSecondsHere() {
		return CompilerTime.seconds(ProcessHandle.current().pid());
	}

	private static void pause(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

}
