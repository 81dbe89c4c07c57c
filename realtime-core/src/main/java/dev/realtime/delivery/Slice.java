package dev.realtime.delivery;

import java.util.concurrent.TimeUnit;

import dev.realtime.loop.Environment;

/**
 * How much of one thing a shard does before it looks at anything else. By count, and by
 * time as well: a write to a socket takes from one to some twenty microseconds, depending
 * on the machine, and the subscribers of a quiet topic wait for it. Confined to the
 * shard.
 */
final class Slice {

	/** Writes, or subscribers that are given a step. */
	static final int MOST = 256;

	/** So many are done before the clock is looked at again. */
	static final int PART = 16;

	/** Half a millisecond. */
	static final long LONGEST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	private final Environment environment;

	private long beganNanos;

	private int done;

	Slice(Environment environment) {
		this.environment = environment;
	}

	/** Begins another slice. */
	void begin() {
		this.beganNanos = this.environment.nanoTime();
		this.done = 0;
	}

	/** Counts what was done; returns whether the slice is over. */
	boolean isOverAfter(int count) {
		this.done += count;
		return this.done >= MOST || this.environment.nanoTime() - this.beganNanos >= LONGEST_NANOS;
	}

}
