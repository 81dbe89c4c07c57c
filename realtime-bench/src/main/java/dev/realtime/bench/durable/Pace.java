package dev.realtime.bench.durable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * When which message is due: at a fixed rate, or as soon as somebody asks. Safe for any
 * number of threads.
 */
final class Pace {

	/** The time is over. */
	static final long OVER = -1;

	private final long began = System.nanoTime();

	private final AtomicLong count = new AtomicLong();

	private final long nanos;

	private final int rate;

	Pace(DurableOptions options) {
		this(options.seconds(), options.rate());
	}

	/**
	 * A pace that begins now.
	 * @param rate messages a second; 0 for as soon as asked
	 */
	Pace(int seconds, int rate) {
		this.nanos = TimeUnit.SECONDS.toNanos(seconds);
		this.rate = rate;
	}

	/** Waits until the next one is due; its number from 0 on, or {@link #OVER}. */
	long next() {
		long number = this.count.getAndIncrement();
		long due = dueNanos(number);
		while (due > System.nanoTime() && due - this.began < this.nanos) {
			LockSupport.parkNanos(due - System.nanoTime());
		}
		return (Math.max(due, System.nanoTime()) - this.began < this.nanos) ? number : OVER;
	}

	/** From when on its latency counts: what is held up counts in full. */
	long dueNanos(long number) {
		return (this.rate > 0) ? this.began + (long) (number * 1e9 / this.rate) : System.nanoTime();
	}

	/** How long it has been. */
	long elapsed() {
		return System.nanoTime() - this.began;
	}

}
