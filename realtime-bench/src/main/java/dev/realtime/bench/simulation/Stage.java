package dev.realtime.bench.simulation;

import java.util.ArrayDeque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A thread that handles messages one by one, in their order, with a bounded queue. What
 * finds it full is dropped, and counted.
 *
 * @param <T> what it handles
 */
final class Stage<T> extends Worker {

	private final ArrayDeque<T> queue = new ArrayDeque<>();

	private final long costNanos;

	private final int bound;

	private final Consumer<T> next;

	private @Nullable T current;

	private int most;

	private long dropped;

	Stage(Timeline timeline, Machine machine, Program program, double costNanos, int bound, Consumer<T> next) {
		super(timeline, machine, program);
		this.costNanos = Math.round(costNanos);
		this.bound = bound;
		this.next = next;
	}

	/** Takes a message, or drops it. */
	void offer(T message) {
		if (this.queue.size() >= this.bound) {
			this.dropped++;
			return;
		}
		this.queue.add(message);
		this.most = Math.max(this.most, this.queue.size());
		wake();
	}

	/** The longest that its queue has been. */
	int most() {
		return this.most;
	}

	long dropped() {
		return this.dropped;
	}

	@Override
	long begin() {
		this.current = this.queue.poll();
		return (this.current != null) ? this.costNanos : -1;
	}

	@Override
	void end() {
		if (this.current != null) {
			this.next.accept(this.current);
		}
	}

}
