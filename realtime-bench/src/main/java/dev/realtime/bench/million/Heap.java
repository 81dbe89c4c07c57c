package dev.realtime.bench.million;

import java.lang.management.ManagementFactory;

/** How much of the heap is alive. */
final class Heap {

	private static final int COLLECTIONS = 3;

	private Heap() {
	}

	/** Bytes in use after several full collections. */
	@SuppressWarnings("SystemGc")
	static long used() {
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
