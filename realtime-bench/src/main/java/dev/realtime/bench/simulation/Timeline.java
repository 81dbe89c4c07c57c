package dev.realtime.bench.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time: what is due is done in the order of its time, then of its request. */
final class Timeline {

	private record Due(long nanos, long number, Runnable task) {
	}

	private final PriorityQueue<Due> queue = new PriorityQueue<>(
			Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));

	private long now;

	private long next;

	long now() {
		return this.now;
	}

	/** Does something at a time, which is not before now. */
	void at(long nanos, Runnable task) {
		this.queue.add(new Due(Math.max(nanos, this.now), this.next++, task));
	}

	void after(long nanos, Runnable task) {
		at(this.now + nanos, task);
	}

	/** Does everything that is due until then, and what follows from it. */
	void runUntil(long nanos) {
		for (Due due = this.queue.peek(); due != null && due.nanos() <= nanos; due = this.queue.peek()) {
			this.queue.remove();
			this.now = due.nanos();
			due.task().run();
		}
		this.now = nanos;
	}

}
