package dev.realtime.hub;

import java.util.ArrayDeque;
import java.util.Arrays;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * The live subscribers of one topic on one shard, and how far this shard has delivered.
 * Confined to the shard; joining and leaving cost O(1).
 *
 * <h2>Slices</h2> A step is given to at most {@value #SLICE} subscribers at once; then
 * the shard's other tasks have their turn. Subscribers come and go between two slices.
 * The array has two parts: those before {@link #left} have not been given the current
 * step, those from there on have. A subscriber that becomes live in between has
 * everything up to {@link #position()}, which includes the current step, and is added to
 * the second part. A subscriber that leaves is replaced by one of its own part. Later
 * steps wait in {@link #waiting}, so the order of a topic holds across slices.
 *
 * <h2>Runs</h2> The messages for many subscribers wait there until the shard writes, and
 * are then delivered as one {@link MessageRun}. Any other step ends that wait.
 */
final class Audience {

	/** Most subscribers that are given a step in one task of the shard. */
	static final int SLICE = 256;

	/** From so many subscribers on messages wait for the shard's next round of writes. */
	static final int MANY = 32;

	private static final @Nullable Subscriber[] NOBODY = {};

	final DeliveryShard shard;

	private final Hub hub;

	private @Nullable Subscriber[] live = NOBODY;

	private int size;

	/** So many subscribers have not been given the current step. */
	private int left;

	private @Nullable Step current;

	/** The messages that are delivered, while the current step is a message. */
	private @Nullable MessageRun run;

	/** Whether the run is written at once where nothing waits. */
	private boolean straight;

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

	Audience(Hub hub, DeliveryShard shard) {
		this.hub = hub;
		this.shard = shard;
	}

	/** How far this shard has delivered; set before the first subscriber begins. */
	Position position() {
		Position known = this.position;
		if (known == null) {
			throw new IllegalStateException("No subscriber has joined yet");
		}
		return known;
	}

	/** How many subscribers have not been given the current step. */
	int left() {
		return this.left;
	}

	void add(Subscriber subscriber) {
		if (this.size == this.live.length) {
			this.live = Arrays.copyOf(this.live, Math.max(4, this.size * 2));
		}
		subscriber.index = this.size;
		this.live[this.size++] = subscriber;
	}

	void remove(Subscriber subscriber) {
		int hole = subscriber.index;
		if (hole < 0) {
			return;
		}
		subscriber.index = -1;
		if (hole < this.left) {
			move(--this.left, hole);
			hole = this.left;
		}
		move(--this.size, hole);
		this.live[this.size] = null;
		if (this.size == 0) {
			this.live = NOBODY;
		}
	}

	private void move(int from, int to) {
		Subscriber moved = this.live[from];
		if (moved != null && from != to) {
			this.live[to] = moved;
			moved.index = to;
		}
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
				&& this.hub.activeInterceptor() == null;
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
	void settle() {
		deliverWaiting(false);
	}

	private void deliverWaiting(boolean alone) {
		if (this.current == null && this.waiting != null) {
			this.releasing = true;
			this.straight = alone && this.hub.activeInterceptor() == null;
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
		else if (step instanceof Step.Missing missing) {
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
			this.straight = writes && this.hub.activeInterceptor() == null;
		}
		MessageRun started = new MessageRun(this.shard, first);
		while (this.waiting != null && this.waiting.peek() instanceof Step.Message next && started.extend(next)) {
			this.waiting.remove();
		}
		this.run = started;
		this.position = started.last().position();
		this.shard.tally.delivered += (long) this.size * started.count();
		this.left = this.size;
	}

	private void beginSubscriber(Step.Join join) {
		try {
			join.subscriber().begin(join.request(), this, join.published());
		}
		catch (Throwable ex) {
			join.subscriber().writer.failed(ex);
		}
	}

	/** A step that could not be handed over is a gap, not silence. */
	private void fillHole(Position previous) {
		Position delivered = this.position;
		if (delivered != null && !delivered.equals(previous)) {
			Step.Missing missing = new Step.Missing(previous.epoch(),
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
			give(step, Math.max(0, this.left - SLICE));
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

	private void endRun() {
		MessageRun ended = this.run;
		this.run = null;
		if (ended != null && this.size > 0) {
			try {
				this.hub.stats.deliveredToAll(ended.last());
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

	/**
	 * Gives the step to subscribers, until so many are left. One that fails is closed,
	 * and the others are served.
	 */
	private void give(Step step, int until) {
		while (this.left > until) {
			try {
				if (step instanceof Step.Message && this.run != null) {
					deliver(this.run, until);
				}
				else if (step instanceof Step.Ephemeral ephemeral) {
					signal(ephemeral.signal(), until);
				}
				else if (step instanceof Step.Missing missing) {
					gap(missing, until);
				}
				else {
					this.left = until;
				}
			}
			catch (Throwable ex) {
				Subscriber failed = this.live[this.left];
				if (failed != null) {
					failed.writer.failed(ex);
				}
			}
		}
	}

	private void deliver(MessageRun messages, int until) {
		boolean now = this.straight && messages.isForAll();
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Subscriber subscriber = this.live[i];
			if (subscriber != null) {
				messages.give(subscriber, now);
			}
		}
	}

	/** Delivers a signal to those who understand it and are not behind. */
	private void signal(EncodedSignal encoded, int until) {
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Subscriber subscriber = this.live[i];
			if (subscriber == null || !subscriber.wants(encoded.signal)) {
				continue;
			}
			Frame frame = subscriber.hasRoomToSpare() ? encoded.frame(subscriber.id, this.shard) : null;
			if (frame != null) {
				subscriber.writer.enqueueUnowned(frame);
				this.shard.tally.signals++;
			}
			else {
				this.shard.tally.signalsDropped++;
			}
		}
	}

	/** Announces that a range will not come, to those who lack it. */
	private void gap(Step.Missing missing, int until) {
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Subscriber subscriber = this.live[i];
			if (subscriber != null) {
				subscriber.missing(missing);
			}
		}
	}

}
