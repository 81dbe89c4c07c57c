package dev.realtime.bench.million;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** How long the hub's own shards have been on a core. */
final class ShardTime {

	private static final String NAME = "realtime-shard-";

	private ShardTime() {
	}

	/** Nanoseconds of all shards of this JVM together. */
	static long used() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long sum = 0;
		for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
			if (thread != null && thread.getThreadName().startsWith(NAME)) {
				sum += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
			}
		}
		return sum;
	}

}
