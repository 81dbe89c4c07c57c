package dev.realtime.hub;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
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
 */
final class Audience {

	/** Most subscribers that are given a step in one task of the shard. */
	static final int SLICE = 4_096;

	private static final @Nullable Subscriber[] NOBODY = {};

	final DeliveryShard shard;

	private final Hub hub;

	private @Nullable Subscriber[] live = NOBODY;

	private int size;

	/** So many subscribers have not been given the current step. */
	private int left;

	private @Nullable Step current;

	/** Whether the current step's message is written at once where nothing waits. */
	private boolean straight;

	/** Steps behind the current one; null when there never were any. */
	private @Nullable ArrayDeque<Step> waiting;

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
		if (this.current == null) {
			begin(step);
			goOn();
			return;
		}
		if (this.waiting == null) {
			this.waiting = new ArrayDeque<>();
		}
		this.waiting.add(step);
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
			this.position = message.position();
			this.straight = this.shard.offered(this.size) && message.message().message.excludedSession() == null
					&& this.hub.activeInterceptor() == null;
			this.shard.tally.delivered += this.size;
			this.left = this.size;
		}
		else {
			// Whether or not it is time to write: signals are in no hurry.
			boolean unused = this.shard.offered(this.size);
			this.left = this.size;
		}
	}

	private void beginSubscriber(Step.Join join) {
		try {
			join.subscriber().begin(join.request(), this);
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

	/** Gives the current step to the next slice, and goes on with the steps behind it. */
	private void goOn() {
		for (Step step = this.current; step != null; step = this.current) {
			give(step, Math.max(0, this.left - SLICE));
			if (this.left == 0) {
				this.current = null;
				Step next = (this.waiting != null) ? this.waiting.poll() : null;
				if (next != null) {
					begin(next);
				}
			}
			if (this.left > 0 && goOnLater()) {
				return;
			}
		}
		this.waiting = null;
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
				if (step instanceof Step.Message message) {
					deliver(message.message(), until);
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

	/**
	 * Offers a message. When it is the last one before the shard writes, and always in a
	 * large audience, it goes straight to those for whom nothing waits: each connection
	 * is then fetched from memory once, not once to queue and once to write.
	 */
	private void deliver(EncodedMessage encoded, int until) {
		TopicMessage message = encoded.message;
		String lastId = "";
		@Nullable Frame frame = null;
		@Nullable Batch batch = null;
		boolean known = false;
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Subscriber subscriber = this.live[i];
			if (subscriber == null || subscriber.hasAlready(message.position())) {
				continue;
			}
			if (!known || !subscriber.id.equals(lastId)) {
				known = true;
				lastId = subscriber.id;
				frame = encoded.frame(lastId, this.shard);
				batch = (this.straight && frame != null) ? this.shard.batches.of(List.of(frame)) : null;
			}
			if (frame == null) {
				subscriber.gap(message.position().epoch(), message.seq(), message.seq(), Gap.FAILED);
			}
			else if (batch == null || !subscriber.writer.writeNow(batch)) {
				subscriber.offer(message, frame);
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
