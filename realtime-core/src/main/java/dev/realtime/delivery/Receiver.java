package dev.realtime.delivery;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of one topic, as the topic's feed and its audiences know it. Its fields
 * that change are confined to the connection's shard, unless they say otherwise. Internal
 * to the engine.
 * <p>
 * A class with one implementation, not an interface: the virtual machine binds the calls
 * of the delivery statically.
 */
public abstract class Receiver {

	/** The subscription's. */
	protected final String id;

	/** The connection's. */
	final ShardWriter writer;

	/** Where it stands in its audience, -1 while it is not live. */
	int index = -1;

	/** What a recovery gave already, so that live delivery does not double it. */
	private @Nullable Position served;

	/** Whether an audience counts it; guarded by the feed's lock. */
	boolean joined;

	/** Changed under the feed's lock. */
	private volatile boolean cancelled;

	/**
	 * Makes a subscriber that is not live.
	 * @param id the subscription's
	 * @param writer the connection's
	 */
	protected Receiver(String id, ShardWriter writer) {
		this.id = id;
		this.writer = writer;
	}

	/** How its topic is kept and delivered. */
	public abstract TopicPolicy policy();

	/**
	 * Its feed has a position, or it has left before: its connection waits for it no
	 * longer. Called under the feed's lock; idempotent.
	 */
	public abstract void opened();

	/** Its feed has not opened in time. Any thread; never blocks. */
	public abstract void unavailable();

	/** It leaves its feed. Called under the feed's lock. */
	public final void leave() {
		this.cancelled = true;
	}

	/** Whether it has left its feed. */
	public final boolean hasLeft() {
		return this.cancelled;
	}

	/** Whether its connection asked for control events. */
	protected abstract boolean wantsControlEvents();

	/** Whether it understands signals, and did not send this one itself. */
	protected abstract boolean wants(Signal signal);

	/** Whether less than half of every bound is used. */
	protected abstract boolean hasRoomToSpare();

	/** Offers a message to the connection's queue, or says where it went instead. */
	protected abstract void offer(TopicMessage message, Frame frame);

	/** Announces a range that does not come. */
	protected abstract void gap(String epoch, long from, long to, String reason);

	/** Announces, in the queue, the end of a range that the topic's rate leaves out. */
	protected abstract void leftOut(EncodedGap range, long from);

	/** The message is not offered, or does not get to the socket after all. */
	protected final void notWritten(TopicMessage message) {
		if (message.content().hasJourney()) {
			this.writer.shard.journeys().notWritten(message);
		}
	}

	/** A recovery has brought everything up to the position. */
	protected void served(Position position) {
		this.served = position;
	}

	/** Whether a recovery gave what is at the position. */
	final boolean hasAlready(Position position) {
		Position had = this.served;
		if (had == null) {
			return false;
		}
		if (had.sameEpoch(position) && position.seq() <= had.seq()) {
			return true;
		}
		this.served = null;
		return false;
	}

	/** Whether a recovery gave some of what may come live. */
	final boolean mayHaveSome() {
		return this.served != null;
	}

	/**
	 * Announces, in the queue, what the topic's rate leaves out, as far as a recovery has
	 * not brought it.
	 */
	final void leftOut(EncodedGap range) {
		Position had = this.served;
		long from = range.from();
		if (had != null && had.epoch().equals(range.epoch())) {
			from = Math.max(from, had.seq() + 1);
		}
		if (from <= range.to()) {
			this.served = null;
			leftOut(range, from);
		}
	}

	/** Announces a range that does not come, as far as a recovery has not brought it. */
	final void missing(MissingRange range) {
		Position had = this.served;
		this.served = null;
		if (had == null || !had.epoch().equals(range.epoch())) {
			gap(range.epoch(), range.from(), range.to(), range.reason());
		}
		else if (had.seq() < range.to()) {
			gap(range.epoch(), Math.max(range.from(), had.seq() + 1), range.to(), range.reason());
		}
		else {
			this.served = had;
		}
	}

	/** Begins to bring a subscriber to the live stream. */
	@FunctionalInterface
	public interface Entry {

		/**
		 * Begins. Called on the subscriber's shard.
		 * @param audience which the subscriber joins once it has what came before
		 * @param published how far the feed is; the audience may be behind, or beyond
		 */
		void begin(Audience audience, Position published);

	}

}
