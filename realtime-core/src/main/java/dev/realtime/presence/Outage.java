package dev.realtime.presence;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store of presence is away for a part of the topics, and what follows when
 * it is back: the other nodes need time to come back too, and must not be taken for dead
 * meanwhile. So for as long as it was away, at most a lease, this node finds no leaves.
 * Safe for any number of threads.
 */
public final class Outage {

	private static final Logger logger = LoggerFactory.getLogger(Outage.class);

	private final long longest;

	private final LongSupplier nanoTime;

	/** How many parts the store is away for. */
	private final AtomicInteger allAway;

	private boolean away;

	private long since;

	private long quietUntil;

	/**
	 * The store is there.
	 * @param longest how long this node finds no leaves, at most
	 * @param nanoTime a clock as {@link System#nanoTime()}
	 * @param allAway how many parts it is away for, shared by all of them: it is logged
	 * once
	 */
	public Outage(Duration longest, LongSupplier nanoTime, AtomicInteger allAway) {
		this.allAway = allAway;
		this.longest = longest.toNanos();
		this.nanoTime = nanoTime;
		this.quietUntil = nanoTime.getAsLong();
	}

	/** The store did not answer. */
	public synchronized void failed(Throwable cause) {
		if (!this.away) {
			this.away = true;
			this.since = this.nanoTime.getAsLong();
			if (this.allAway.getAndIncrement() == 0) {
				logger.warn("Presence cannot be written: {}. Changes are kept and written later", cause.toString());
			}
		}
	}

	/** Returns for how many nanoseconds it was away until now; 0 if it was not. */
	public synchronized long succeeded() {
		if (!this.away) {
			return 0;
		}
		this.away = false;
		long now = this.nanoTime.getAsLong();
		long lasted = now - this.since;
		this.quietUntil = now + Math.min(lasted, this.longest);
		if (this.allAway.decrementAndGet() == 0) {
			logger.info("Presence is written again, after {} ms", TimeUnit.NANOSECONDS.toMillis(lasted));
		}
		return lasted;
	}

	/** Whether users of other nodes may be found to have left. */
	public synchronized boolean mayFindLeaves() {
		return !this.away && this.nanoTime.getAsLong() - this.quietUntil >= 0;
	}

}
