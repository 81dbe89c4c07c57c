package dev.realtime.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.realtime.loop.Loop;

/**
 * A shard's rounds of writes. In a round each connection that got something is written
 * once, as the shard's {@link WriteSchedule} allows. Connections that recover are written
 * beside the rounds. Confined to the shard.
 */
final class Rounds {

	/**
	 * Connections that recover and are written before the thread looks at anything else:
	 * each may take as much as half of its queue.
	 */
	static final int MAX_RECOVERING = 16;

	private final Loop loop;

	private final Slice slice;

	/** Whether tasks of the shard wait. */
	private final BooleanSupplier tasksWait;

	/** Has another pass run. */
	private final Runnable again;

	private final ArrayDeque<ShardWriter> dirty = new ArrayDeque<>();

	/** Those that got something and recover. */
	private final ArrayDeque<ShardWriter> recovering = new ArrayDeque<>();

	/** Audiences whose messages wait for the next round of writes. */
	private final List<Audience> gathering = new ArrayList<>();

	private final WriteSchedule schedule;

	private int offers;

	/** How many connections the round of writes that has begun has not come to. */
	private int round;

	private long roundNanos;

	/** Whether a round of writes has begun and is not over. */
	private boolean writing;

	/** Audiences that have been given a step in part. */
	private int underWay;

	private boolean flushing;

	/**
	 * Makes one without anything to write.
	 * @param loop of the shard
	 * @param tasksWait whether tasks of the shard wait
	 * @param again has another pass of the shard run
	 */
	Rounds(Loop loop, long nowNanos, BooleanSupplier tasksWait, Runnable again) {
		this.loop = loop;
		this.slice = new Slice(loop.environment());
		this.schedule = new WriteSchedule(nowNanos);
		this.tasksWait = tasksWait;
		this.again = again;
	}

	/**
	 * Something waits to be written.
	 * @param recovers whether a subscription of the connection recovers
	 */
	void dirty(ShardWriter writer, boolean recovers) {
		if (recovers) {
			this.recovering.add(writer);
			return;
		}
		this.dirty.add(writer);
		if (this.flushing) {
			this.round++;
		}
	}

	/** Messages of the audience wait for the next round of writes. */
	void gather(Audience audience) {
		this.gathering.add(audience);
	}

	/** So many more audiences, or fewer, have been given a step in part. */
	void underWay(int change) {
		this.underWay += change;
	}

	/** Delivers what audiences have gathered; each is released once. */
	void release() {
		if (this.gathering.isEmpty()) {
			return;
		}
		List<Audience> ready = List.copyOf(this.gathering);
		this.gathering.clear();
		for (Audience audience : ready) {
			this.loop.contain(() -> audience.release(ready.size() == 1));
		}
	}

	/**
	 * Work is to be done that produces writes: after enough of it they begin.
	 * @return whether that is now: no further message will share a write with this one
	 */
	boolean offered(int count) {
		this.offers += count;
		return isDue();
	}

	/** Whether a round begins before any further task is run. */
	boolean isDue() {
		return this.offers >= WriteSchedule.MAX_OFFERS;
	}

	/**
	 * Begins a round of writes, or goes on with it. While audiences are given a step in
	 * slices the round goes on, and what comes meanwhile is written after each slice.
	 * @return whether more is to be written at once
	 */
	boolean write(long nowNanos) {
		endRound();
		if (this.round == 0) {
			if (!this.writing && !beginRound(nowNanos)) {
				return false;
			}
			this.offers = 0;
			release();
			this.round = this.dirty.size();
		}
		flush();
		endRound();
		return !this.dirty.isEmpty() || !this.gathering.isEmpty();
	}

	/** Returns false when there is nothing to write, or not yet. */
	private boolean beginRound(long nowNanos) {
		if (this.dirty.isEmpty() && this.gathering.isEmpty() && this.offers == 0) {
			return false;
		}
		int writes = this.dirty.size() + this.gathering.size() * Audience.MANY;
		long wait = this.schedule.wait(nowNanos, writes, this.offers);
		if (wait > 0) {
			this.loop.after(Duration.ofNanos(wait), this.again);
		}
		if (wait != 0) {
			return false;
		}
		this.roundNanos = nowNanos;
		this.writing = true;
		return true;
	}

	private void endRound() {
		if (this.writing && this.round == 0 && this.underWay == 0) {
			this.writing = false;
			this.schedule.wrote(this.roundNanos, this.loop.environment().nanoTime(),
					this.tasksWait.getAsBoolean() || !this.gathering.isEmpty());
		}
	}

	private void flush() {
		this.flushing = true;
		this.slice.begin();
		do {
			flushPart();
		}
		while (this.round > 0 && !this.slice.isOverAfter(Slice.PART));
		this.flushing = false;
	}

	private void flushPart() {
		for (int i = 0; i < Slice.PART && this.round > 0; i++) {
			ShardWriter next = this.dirty.poll();
			if (next == null) {
				this.round = 0;
				break;
			}
			this.round--;
			flush(next);
		}
	}

	/**
	 * What is recovered was published before: live messages do not wait for it, however
	 * many clients recover at once.
	 * @return whether more is to be written at once
	 */
	boolean writeRecovering() {
		for (int i = 0; i < MAX_RECOVERING; i++) {
			ShardWriter next = this.recovering.poll();
			if (next == null) {
				return false;
			}
			flush(next);
		}
		return !this.recovering.isEmpty();
	}

	private static void flush(ShardWriter writer) {
		try {
			writer.flush();
		}
		catch (Throwable ex) {
			writer.failed(ex);
		}
	}

}
