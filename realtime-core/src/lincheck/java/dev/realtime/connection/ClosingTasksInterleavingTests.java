package dev.realtime.connection;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.testing.Threads;
import org.junit.jupiter.api.Test;

/**
 * What is to be done once a socket is closed, in many interleavings of threads that add
 * it and threads that close.
 */
class ClosingTasksInterleavingTests {

	@Test
	void eachTaskRunsExactlyOnce() {
		Threads.inManyInterleavings(() -> {
			ClosingTasks tasks = new ClosingTasks();
			AtomicInteger first = new AtomicInteger();
			AtomicInteger second = new AtomicInteger();
			Threads others = new Threads().start(() -> add(tasks, first::incrementAndGet))
				.start(() -> add(tasks, second::incrementAndGet))
				.start(() -> tasks.close().forEach(Runnable::run));
			tasks.close().forEach(Runnable::run);
			others.join();
			Threads.check(first.get() == 1 && second.get() == 1, "They ran " + first + " and " + second + " times");
		});
	}

	private static void add(ClosingTasks tasks, Runnable task) {
		if (!tasks.add(task)) {
			task.run();
		}
	}

}
