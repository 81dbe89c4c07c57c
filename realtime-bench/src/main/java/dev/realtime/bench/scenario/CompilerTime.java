package dev.realtime.bench.scenario;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much processor time the compiler threads of a JVM have used. A large application
 * keeps them busy for half a minute on two cores; until then a measurement counts the
 * compiler's work as the server's.
 */
final class CompilerTime {

	/** Linux reports processor time in these units, whatever the machine. */
	private static final double TICKS_A_SECOND = 100.0;

	private static final int USER_TIME = 11;

	private static final int SYSTEM_TIME = 12;

	private CompilerTime() {
	}

	/** Seconds since the process started; 0 for a process that has no such threads. */
	static double seconds(long pid) {
		double ticks = 0;
		try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
			for (Path thread : threads) {
				ticks += ticks(thread);
			}
		}
		catch (IOException ex) {
			return 0;
		}
		return ticks / TICKS_A_SECOND;
	}

	private static double ticks(Path thread) {
		try {
			String stat = Files.readString(thread.resolve("stat"));
			int end = stat.lastIndexOf(')');
			String name = stat.substring(stat.indexOf('(') + 1, end);
			if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
				return 0;
			}
			String[] rest = stat.substring(end + 2).split(" ", -1);
			return Double.parseDouble(rest[USER_TIME]) + Double.parseDouble(rest[SYSTEM_TIME]);
		}
		catch (IOException ex) {
			// The thread has ended meanwhile.
			return 0;
		}
	}

}
