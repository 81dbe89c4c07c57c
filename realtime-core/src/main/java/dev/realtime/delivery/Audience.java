package dev.realtime.delivery;

import java.util.ArrayDeque;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * The live subscribers of one topic on one shard, and how far this shard has delivered.
 * Confined to the shard; joining and leaving cost O(1).
 *
 * <h2>Slices</h2> A step is given to the subscribers in a {@link Slice} at a time; then
 * the shard's other tasks have their turn. Subscribers come and go between two slices. A
 * subscriber that becomes live in between has everything up to {@link #position()}, which
 * includes the current step, and is added to those that have been given it. A subscriber
 * that leaves is replaced by one of its own part. Later steps wait in {@link #waiting},
 * so the order of a topic holds across slices.
 *
 * <h2>Runs</h2> The messages for many subscribers wait there until the shard writes, and
 * are then delivered as one {@link MessageRun}. Any other step ends that wait. Internal
 * to the engine.
 */
public final class Audience extends LiveReceivers {

	/** From so many subscribers on messages wait for the shard's next round of writes. */
	static final int MANY = 32;

	private final Delivery delivery;

	private final Slice slice;

	private @Nullable Step current;

	/** Steps behind the current one; null when there are none. */
	private @Nullable ArrayDeque<Step> waiting;

	/** Whether messages wait for the shard's next round of writes. */
	private boolean gathering;

	/** Whether that round has begun. */
	private boolean releasing;

	/** Whether the shard knows that the current step goes on in a later task. */
	private boolean sliced;

	private @Nullable Position position;

	/** How many subscribers have joined and not left; guarded by the feed's lock. */
	int joined;

	Audience(Delivery delivery, DeliveryShard shard) {
		super(shard);
		this.delivery = delivery;
		this.slice = shard.slice;
	}

	/** How far this shard has delivered; set before the first subscriber begins. */
	public Position position() {
		Position known = this.position;
		if (known == null) {
			throw new IllegalStateException("No subscriber has joined yet");
		}
		return known;
	}

	/** Takes a step after all those before it; a large audience takes it in slices. */
	void take(Step step) {
		boolean gathers = gathers(step);
		if (this.current == null && this.waiting == null && !gathers) {
			begin(step);
			goOn();
			return;
		}
		if (this.waiting == null) {
			this.waiting = new ArrayDeque<>();
		}
		this.waiting.add(step);
		if (gathers) {
			boolean unused = this.shard.offered(this.size);
		}
		if (this.current == null) {
			if (gathers) {
				gather();
			}
			else {
				settle();
			}
		}
	}

	/** Whether the step may wait for the shard's next round of writes. */
	private boolean gathers(Step step) {
		return this.size >= MANY && step instanceof Step.Message message && MessageRun.isForAll(message.message())
				&& !this.delivery.isIntercepted();
	}

	private void gather() {
		if (!this.gathering) {
			this.gathering = true;
			this.shard.gather(this);
		}
	}

	/**
	 * The shard's round of writes begins: delivers what has been gathered.
	 * @param alone whether no other topic's messages share the round's writes
	 */
	void release(boolean alone) {
		this.gathering = false;
		deliverWaiting(alone);
	}

	/** Delivers, now, what waits for the shard's next round of writes. */
	public void settle() {
		deliverWaiting(false);
	}

	private void deliverWaiting(boolean alone) {
		if (this.current == null && this.waiting != null) {
			this.releasing = true;
			this.straight = alone && !this.delivery.isIntercepted();
			beginNext();
			goOn();
			this.releasing = false;
		}
	}

	private void beginNext() {
		Step next = (this.waiting != null) ? this.waiting.peek() : null;
		if (next == null) {
			this.waiting = null;
		}
		else if (!this.releasing && gathers(next)) {
			gather();
		}
		else if (this.waiting != null) {
			begin(this.waiting.remove());
		}
	}

	private void begin(Step step) {
		this.current = step;
		try {
			start(step);
		}
		catch (Throwable ex) {
			// The next message finds the hole and announces it.
			this.left = 0;
			this.shard.failed(ex);
		}
	}

	private void start(Step step) {
		if (step instanceof Step.Join join) {
			this.position = join.position();
			beginSubscriber(join);
		}
		else if (step instanceof Step.Move move) {
			this.position = move.position();
		}
		else if (step instanceof MissingRange missing) {
			this.position = new Position(missing.epoch(), missing.to());
			this.left = this.size;
		}
		else if (step instanceof Step.Message message) {
			fillHole(message.previous());
			startRun(message);
		}
		else {
			// Whether or not it is time to write: signals are in no hurry.
			boolean unused = this.shard.offered(this.size);
			this.left = this.size;
		}
	}

	private void startRun(Step.Message first) {
		if (!this.releasing) {
			boolean writes = this.shard.offered(this.size);
			this.straight = writes && !this.delivery.isIntercepted();
		}
		MessageRun started = new MessageRun(this.shard, first);
		while (this.waiting != null && this.waiting.peek() instanceof Step.Message next && started.extend(next)) {
			this.waiting.remove();
		}
		this.run = started;
		this.position = started.last().position();
		this.shard.counters.delivered += (long) this.size * started.count();
		this.left = this.size;
	}

	private void beginSubscriber(Step.Join join) {
		try {
			join.entry().begin(this, join.published());
		}
		catch (Throwable ex) {
			join.receiver().writer.failed(ex);
		}
	}

	/** A step that could not be handed over is a gap, not silence. */
	private void fillHole(Position previous) {
		Position delivered = this.position;
		if (delivered != null && !delivered.equals(previous)) {
			MissingRange missing = new MissingRange(previous.epoch(),
					delivered.sameEpoch(previous) ? delivered.seq() + 1 : 1, previous.seq(), Gap.FAILED);
			this.left = this.size;
			give(missing, 0);
		}
	}

	private void goOn() {
		boolean later = false;
		try {
			later = giveSlices();
		}
		finally {
			if (later != this.sliced) {
				this.sliced = later;
				this.shard.underWay(later ? 1 : -1);
			}
		}
	}

	/**
	 * Gives the current step to the next slice, and goes on with the steps behind it.
	 * @return whether a later task goes on
	 */
	private boolean giveSlices() {
		for (Step step = this.current; step != null; step = this.current) {
			giveSlice(step);
			if (this.left == 0) {
				this.current = null;
				endRun();
				beginNext();
			}
			if (this.left > 0 && goOnLater()) {
				return true;
			}
		}
		return false;
	}

	private void giveSlice(Step step) {
		if (this.left <= Slice.PART) {
			give(step, 0);
			return;
		}
		this.slice.begin();
		do {
			give(step, Math.max(0, this.left - Slice.PART));
		}
		while (this.left > 0 && !this.slice.isOverAfter(Slice.PART));
	}

	private void endRun() {
		MessageRun ended = this.run;
		this.run = null;
		if (ended != null && ended.receivers() > 0) {
			try {
				this.delivery.stats.deliveredToAll(ended);
			}
			catch (Throwable ex) {
				this.shard.failed(ex);
			}
		}
	}

	/** Returns false when that is impossible, so that it must go on now. */
	private boolean goOnLater() {
		try {
			this.shard.execute(this::goOn);
			return true;
		}
		catch (Throwable ex) {
			this.shard.failed(ex);
			return false;
		}
	}

}
