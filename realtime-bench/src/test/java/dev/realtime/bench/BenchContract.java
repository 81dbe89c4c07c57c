package dev.realtime.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.bench.redis.RedisProcess;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs scenarios, short and small. A scenario fails when a client loses, doubles or
 * reorders a message, so what is asserted is exactness; timings are for the long runs,
 * and only those wait for the compilers. The classes run side by side.
 */
abstract class BenchContract {

	@TempDir
	Path results;

	@BeforeAll
	static void findRedis() {
		System.setProperty(RedisProcess.PROGRAM, RedisServer.binary().toString());
	}

	static String printed(Runnable task) {
		PrintStream before = System.out;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			task.run();
		}
		finally {
			System.setOut(before);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

	final int run(String scenario, String... options) {
		List<String> all = new ArrayList<>(
				List.of("run", scenario, "--out=" + this.results, "--jvm=-Xmx512m", "--warm-up=1"));
		all.addAll(Arrays.asList(options));
		return Bench.run(all);
	}

}
