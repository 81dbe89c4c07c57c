package dev.realtime.delivery;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.testing.GivenTasks;
import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/**
 * The wake-up of a shard, in many interleavings of the shard's thread and another one
 * that gives it something to do.
 */
class ShardWakeUpInterleavingTests {

	private static final GivenTasks THREAD = new GivenTasks();

	private static final Loop LOOP = new Loops().adopt("shard", THREAD);

	private static final DeliveryStats STATS = new DeliveryStats();

	@Test
	void noTaskIsLostAndEachRunsOnce() {
		Threads.inManyInterleavings(() -> {
			DeliveryShard shard = new DeliveryShard(LOOP, STATS);
			AtomicInteger ran = new AtomicInteger();
			shard.execute(ran::incrementAndGet);
			Threads others = new Threads().start(() -> shard.execute(ran::incrementAndGet));
			THREAD.run();
			others.join();
			THREAD.run();
			Threads.check(ran.get() == 2, ran + " tasks of 2 have run");
		});
	}

	@Test
	void theClocksAreLookedAtAfterEachTick() {
		Threads.inManyInterleavings(() -> {
			DeliveryShard shard = new DeliveryShard(LOOP, STATS);
			AtomicInteger ticks = new AtomicInteger();
			AtomicInteger seen = new AtomicInteger();
			shard.execute(() -> shard.opened(new Looking(shard, () -> seen.set(ticks.get()))));
			THREAD.run();
			shard.tick();
			Threads others = new Threads().start(() -> {
				ticks.incrementAndGet();
				shard.tick();
			});
			THREAD.run();
			others.join();
			THREAD.run();
			Threads.check(seen.get() == 1, "The clocks were not looked at after the last tick");
		});
	}

	/** A connection that does nothing but look at its clock. */
	private static final class Looking extends ShardWriter {

		private final Runnable look;

		Looking(DeliveryShard shard, Runnable look) {
			super(shard);
			this.look = look;
		}

		@Override
		protected boolean writeNow(Batch batch) {
			return false;
		}

		@Override
		protected void enqueueUnowned(Frame frame) {
		}

		@Override
		protected void flush() {
		}

		@Override
		protected void tick(long nowNanos) {
			this.look.run();
		}

		@Override
		protected void failed(Throwable failure) {
		}

	}

}
