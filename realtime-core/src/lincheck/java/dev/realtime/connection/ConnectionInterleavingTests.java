package dev.realtime.connection;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/**
 * A connection's queue, in many interleavings of its shard, the thread of its socket and
 * one that sends.
 */
class ConnectionInterleavingTests {

	@Test
	void allFramesAreWrittenInOrderOneWriteAtATime() {
		Threads.inManyInterleavings(() -> {
			OneConnection one = new OneConnection();
			one.send("a");
			Threads others = new Threads().start(() -> {
				one.taken();
				one.taken();
			}).start(() -> {
				one.send("b");
				one.send("c");
			});
			one.shard.run();
			others.join();
			one.settle();
			Threads.check(List.copyOf(one.written).equals(List.of("a", "b", "c")), one.written + " was written");
		});
	}

	@Test
	void itEndsOnceWhoeverClosesIt() {
		Threads.inManyInterleavings(() -> {
			OneConnection one = new OneConnection();
			AtomicInteger released = new AtomicInteger();
			one.send("a");
			Threads others = new Threads().start(() -> {
				one.connection.closed();
				one.connection.closed();
			}).start(() -> {
				one.connection.whenClosed(released::incrementAndGet);
				one.connection.close(CloseReason.RESTART);
			});
			one.shard.run();
			others.join();
			one.settle();
			Threads.check(released.get() == 1, "It was released " + released + " times");
			Threads.check(one.closes.get() <= 1, "The socket was closed " + one.closes + " times");
			Threads.check(one.all.all().isEmpty() && one.all.stats.connections.sum() == 0,
					"The connection is still there");
		});
	}

}
