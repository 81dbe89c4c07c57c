package dev.realtime.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.junit.jupiter.api.Test;

/**
 * The wake-up of a shard, on real threads: each task is given at the moment in which the
 * pass that ran the last one ends.
 */
class ShardInterleavingTests {

	private static final int TASKS = 1_000_000;

	/** A task that has not run by then was lost. */
	private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

	@Test
	void noTaskIsLostAndEachRunsOnce() {
		try (Loop loop = new Loops().loop("realtime-test")) {
			DeliveryShard shard = new DeliveryShard(loop, new DeliveryStats(loop.environment()));
			AtomicInteger ran = new AtomicInteger();
			for (int i = 1; i <= TASKS; i++) {
				shard.execute(ran::incrementAndGet);
				awaitCount(ran, i);
			}
		}
	}

	private static void awaitCount(AtomicInteger ran, int expected) {
		long since = System.nanoTime();
		while (ran.get() != expected) {
			Thread.onSpinWait();
			if (System.nanoTime() - since > PATIENCE_NANOS) {
				throw new AssertionError(ran + " tasks of " + expected + " have run");
			}
		}
	}

}
