package dev.realtime.delivery;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The live subscribers of an audience, and the loops that give a step to each of them.
 * The array has two parts: those before {@link #left} have not been given the current
 * step, those from there on have. Confined to the shard.
 */
abstract class LiveReceivers {

	private static final @Nullable Receiver[] NOBODY = {};

	final DeliveryShard shard;

	private @Nullable Receiver[] live = NOBODY;

	int size;

	/** So many subscribers have not been given the current step. */
	int left;

	/** The messages that are delivered, while the current step is a message. */
	@Nullable MessageRun run;

	/** Whether the run is written at once where nothing waits. */
	boolean straight;

	LiveReceivers(DeliveryShard shard) {
		this.shard = shard;
	}

	/** How many subscribers have not been given the current step. */
	final int left() {
		return this.left;
	}

	/** The subscriber is live: it has everything up to the audience's position. */
	public final void add(Receiver receiver) {
		if (this.size == this.live.length) {
			this.live = Arrays.copyOf(this.live, Math.max(4, this.size * 2));
		}
		receiver.index = this.size;
		this.live[this.size++] = receiver;
	}

	/** The subscriber gets nothing more, if it was live. */
	public final void remove(Receiver receiver) {
		int hole = receiver.index;
		if (hole < 0) {
			return;
		}
		receiver.index = -1;
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
		Receiver moved = this.live[from];
		if (moved != null && from != to) {
			this.live[to] = moved;
			moved.index = to;
		}
	}

	/**
	 * Gives the step to subscribers, until so many are left. One that fails is closed,
	 * and the others are served.
	 */
	final void give(Step step, int until) {
		while (this.left > until) {
			try {
				if (step instanceof Step.Message && this.run != null) {
					deliver(this.run, until);
				}
				else if (step instanceof Step.Ephemeral ephemeral) {
					signal(ephemeral.signal(), until);
				}
				else if (step instanceof MissingRange missing) {
					gap(missing, until);
				}
				else {
					this.left = until;
				}
			}
			catch (Throwable ex) {
				Receiver failed = this.live[this.left];
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
			Receiver receiver = this.live[i];
			if (receiver != null) {
				messages.give(receiver, now);
			}
		}
	}

	/** Delivers a signal to those who understand it and are not behind. */
	private void signal(EncodedSignal encoded, int until) {
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Receiver receiver = this.live[i];
			if (receiver == null || !receiver.wants(encoded.signal)) {
				continue;
			}
			Frame frame = receiver.hasRoomToSpare() ? encoded.frame(receiver.id, this.shard) : null;
			if (frame != null) {
				receiver.writer.enqueueUnowned(frame);
				this.shard.counters.signals++;
			}
			else {
				this.shard.counters.signalsDropped++;
			}
		}
	}

	/** Announces that a range will not come, to those who lack it. */
	private void gap(MissingRange missing, int until) {
		for (int i = this.left - 1; i >= until; i--) {
			this.left = i;
			Receiver receiver = this.live[i];
			if (receiver != null) {
				receiver.missing(missing);
			}
		}
	}

}
