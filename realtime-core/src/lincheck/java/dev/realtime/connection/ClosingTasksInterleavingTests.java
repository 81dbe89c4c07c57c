package dev.realtime.connection;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * What is to be done once a socket is closed, in many interleavings of threads that add
 * it and threads that close.
 */
class ClosingTasksInterleavingTests {

	private static final int INTERLEAVINGS = 10_000;

	@Test
	void eachTaskRunsExactlyOnce() {
		Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
			ClosingTasks tasks = new ClosingTasks();
			AtomicInteger first = new AtomicInteger();
			AtomicInteger second = new AtomicInteger();
			List<Thread> threads = List.of(new Thread(() -> add(tasks, first::incrementAndGet)),
					new Thread(() -> add(tasks, second::incrementAndGet)),
					new Thread(() -> tasks.close().forEach(Runnable::run)));
			threads.forEach(Thread::start);
			tasks.close().forEach(Runnable::run);
			for (Thread each : threads) {
				try {
					each.join();
				}
				catch (InterruptedException ex) {
					throw new AssertionError(ex);
				}
			}
			if (first.get() != 1 || second.get() != 1) {
				throw new AssertionError("They ran " + first + " and " + second + " times");
			}
		});
	}

	private static void add(ClosingTasks tasks, Runnable task) {
		if (!tasks.add(task)) {
			task.run();
		}
	}

}
