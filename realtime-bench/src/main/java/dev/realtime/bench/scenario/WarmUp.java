package dev.realtime.bench.scenario;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

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
		long began = System.nanoTime();
		while (System.nanoTime() - began < Duration.ofSeconds(settings.warmUp()).toNanos()) {
			double server = process.compilerSeconds();
			double clients = clientsCompilerSeconds();
			long since = System.nanoTime();
			load.run();
			double seconds = (System.nanoTime() - since) / 1e9;
			if ((process.compilerSeconds() - server) / seconds < SETTLED_CORES
					&& (clientsCompilerSeconds() - clients) / seconds < SETTLED_CORES) {
				return;
			}
		}
	}

	private static double clientsCompilerSeconds() {
		return CompilerTime.seconds(ProcessHandle.current().pid());
	}

	private static void pause(int seconds) {
		LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
	}

}
