package dev.realtime.bench.million;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * The command {@code million}: how many bytes of heap a connection with one subscription
 * takes, and how long one message to all of them takes. With one shard one thread makes
 * all writes.
 *
 * <pre>
 * --connections=1000000  --shards=1  --messages=20
 * </pre>
 */
public final class Million {

	private static final double MEGABYTE = 1 << 20;

	private static final double MILLISECOND = 1e6;

	private Million() {
	}

	/**
	 * Runs it and prints what it found.
	 * @throws IllegalStateException when a connection did not get every message once
	 */
	public static void run(String... args) {
		int connections = flag(args, "connections", 1_000_000);
		int shards = flag(args, "shards", 1);
		int messages = flag(args, "messages", 20);
		print("Java %s (%s), flags %s", System.getProperty("java.version"), System.getProperty("java.vendor"),
				ManagementFactory.getRuntimeMXBean().getInputArguments());
		print("%,d connections on %d shard(s), %d messages of 128 bytes", connections, shards, messages);
		try (Crowd crowd = new Crowd(connections, shards)) {
			long without = Heap.used();
			crowd.gather();
			long with = Heap.used();
			print("heap without %.1f MB, with %.1f MB: %,d bytes for each connection and its subscription",
					without / MEGABYTE, with / MEGABYTE, (with - without) / connections);
			long[] wall = new long[messages];
			long[] core = new long[messages];
			for (int i = 0; i < messages; i++) {
				long before = ShardTime.used();
				wall[i] = crowd.deliver();
				core[i] = ShardTime.used() - before;
			}
			print("one message to all, in order: %s ms",
					Arrays.toString(Arrays.stream(wall).map((each) -> Math.round(each / MILLISECOND)).toArray()));
			report("one message to all", wall, connections);
			report("time on a core", core, connections);
			print("heap after the messages: %,d bytes for each", (Heap.used() - without) / connections);
			crowd.check();
			print("counts exact: each of %,d connections got %d messages, each once", connections, messages);
		}
	}

	private static void report(String what, long[] nanos, int connections) {
		Arrays.sort(nanos);
		double median = nanos[nanos.length / 2];
		print("%-20smedian %.1f ms, min %.1f ms, max %.1f ms, %.0f ns for each delivery", what, median / MILLISECOND,
				nanos[0] / MILLISECOND, nanos[nanos.length - 1] / MILLISECOND, median / connections);
	}

	private static int flag(String[] args, String name, int otherwise) {
		String start = "--" + name + '=';
		for (String arg : args) {
			if (arg.startsWith(start)) {
				return Integer.parseInt(arg.substring(start.length()));
			}
		}
		return otherwise;
	}

	private static void print(String format, Object... values) {
		System.out.println(String.format(Locale.ROOT, format, values));
	}

}
