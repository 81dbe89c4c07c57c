package dev.realtime.delivery;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.DeliveryRate;
import dev.realtime.DeliveryRate.Policy;
import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of a topic with a {@link DeliveryRate} wait for their time. It
 * stands between the feed and the audiences, so what is delivered is decided once for all
 * live subscribers of the node, and what is left out costs no shard anything. Guarded by
 * the feed's lock, which callers hold.
 *
 * <h2>Order and announcement</h2> Messages leave in the order of their numbers. One that
 * is replaced leaves the line, and the newer one of its key stands at the end; so every
 * number between what was handed over last and what is handed over now is left out for
 * good, and is announced with it as one range, ahead of it. When the line is empty
 * nothing is unannounced, and no range needs a clock of its own.
 * <p>
 * An important message does not wait. What stands in line before it leaves with it, ahead
 * of its time, and what follows waits the longer. Of a sample at most one message leaves
 * ahead of its time; a further one is left out.
 *
 * <h2>Bounds</h2> As many messages and bytes wait as the topic's policy lets wait for one
 * subscriber. Where more keys have something new the oldest messages are left out, as
 * {@link Gap#OVERFLOW}.
 */
final class DeliveryLane {

	/** A clock that is so late makes up for it. */
	static final long LATENESS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Longest time that messages which left early hold up those that follow. */
	private static final long LONGEST_DEBT_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** Stands for all messages of a sample: each replaces the one before. */
	private static final Object SAMPLE = new Object();

	private final TopicPolicy policy;

	private final DeliveryRate rate;

	private final long intervalNanos;

	private final Exit exit;

	/** By what is replaced; in the order of the numbers. */
	private final Map<Object, TopicMessage> line = new LinkedHashMap<>();

	private int bytes;

	/** Up to where everything was handed over, or announced as left out. */
	private Position released;

	/** The numbers up to there carry no message, behind what waits; null for none. */
	private @Nullable Position voids;

	/** Whether the next range has messages for which there was no room. */
	private boolean overflown;

	/** When the next message may leave. */
	private long nextNanos;

	/** How many messages were left out. */
	long leftOut;

	/**
	 * Makes an empty lane.
	 * @param policy of the topic, with a rate
	 * @param released how far the audiences are
	 */
	DeliveryLane(TopicPolicy policy, Position released, long nowNanos, Exit exit) {
		this.policy = policy;
		this.rate = policy.rate();
		this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / this.rate.messagesPerSecond();
		this.released = released;
		this.nextNanos = nowNanos;
		this.exit = exit;
	}

	/** Whether it does what the policy demands. */
	boolean serves(TopicPolicy other) {
		return this.rate.equals(other.rate()) && this.policy.queueMessages() == other.queueMessages()
				&& this.policy.queueBytes() == other.queueBytes();
	}

	/** How far the audiences are: what is behind waits, or was not handed over yet. */
	Position released() {
		return this.released;
	}

	/** Lets a message leave now, or makes it wait. */
	void take(TopicMessage message, long nowNanos) {
		release(nowNanos);
		this.voids = null;
		if (message.isImportant()) {
			makeWay(nowNanos);
			leave(message);
		}
		else if (this.line.isEmpty() && nowNanos - this.nextNanos >= 0) {
			spend(nowNanos);
			leave(message);
		}
		else {
			stand(message);
		}
	}

	/** Numbers up to the position carry no message. */
	void moveTo(Position position) {
		if (this.line.isEmpty()) {
			this.released = position;
			this.exit.move(position);
		}
		else {
			this.voids = position;
		}
	}

	/** Lets leave what is due. */
	void release(long nowNanos) {
		while (!this.line.isEmpty() && nowNanos - this.nextNanos >= 0) {
			spend(nowNanos);
			leave(first());
		}
	}

	/** Returns after how many nanoseconds something is due, or -1 when nothing waits. */
	long dueAfter(long nowNanos) {
		return this.line.isEmpty() ? -1 : Math.max(0, this.nextNanos - nowNanos);
	}

	/** Lets everything leave at once. */
	void flush() {
		while (!this.line.isEmpty()) {
			leave(first());
		}
	}

	/** Begins anew behind the position: there is no subscriber for what waits. */
	void restart(Position position) {
		this.line.clear();
		this.bytes = 0;
		this.voids = null;
		this.overflown = false;
		this.released = position;
	}

	private void stand(TopicMessage message) {
		Object key = key(message);
		TopicMessage replaced = this.line.remove(key);
		if (replaced != null) {
			this.bytes -= replaced.content().size();
			this.leftOut++;
		}
		this.line.put(key, message);
		this.bytes += message.content().size();
		while (this.line.size() > this.policy.queueMessages()
				|| (this.bytes > this.policy.queueBytes() && this.line.size() > 1)) {
			leaveOutFirst();
			this.overflown = true;
		}
	}

	private Object key(TopicMessage message) {
		if (this.rate.policy() == Policy.SAMPLE) {
			return SAMPLE;
		}
		String key = message.content().headers().get(DeliveryRate.KEY);
		return (key != null) ? key : message.position();
	}

	/** An important message follows at once. */
	private void makeWay(long nowNanos) {
		if (this.rate.policy() == Policy.SAMPLE && this.nextNanos - nowNanos > this.intervalNanos) {
			while (!this.line.isEmpty()) {
				leaveOutFirst();
			}
			return;
		}
		while (!this.line.isEmpty()) {
			this.nextNanos = Math.min(this.nextNanos + this.intervalNanos, nowNanos + LONGEST_DEBT_NANOS);
			leave(first());
		}
	}

	private void spend(long nowNanos) {
		this.nextNanos = Math.max(this.nextNanos, nowNanos - LATENESS_NANOS) + this.intervalNanos;
	}

	/** Takes out the message that stands first. */
	private TopicMessage first() {
		Iterator<TopicMessage> messages = this.line.values().iterator();
		TopicMessage first = messages.next();
		messages.remove();
		this.bytes -= first.content().size();
		return first;
	}

	private void leaveOutFirst() {
		TopicMessage unused = first();
		this.leftOut++;
	}

	/** If the exit fails, the number is one of the next range. */
	private void leave(TopicMessage message) {
		Position position = message.position();
		boolean whole = position.sameEpoch(this.released) && position.seq() == this.released.seq() + 1;
		this.exit.deliver(message, this.released, whole ? null : reason());
		this.overflown = false;
		this.released = position;
		if (this.line.isEmpty() && this.voids != null) {
			moveTo(this.voids);
			this.voids = null;
		}
	}

	private String reason() {
		if (this.overflown) {
			return Gap.OVERFLOW;
		}
		return (this.rate.policy() == Policy.SAMPLE) ? Gap.SAMPLED : Gap.CONFLATED;
	}

	/** What a lane hands over to. */
	interface Exit {

		/**
		 * Delivers a message.
		 * @param previous where the audiences are
		 * @param reason why the numbers between are left out, or null when there are none
		 */
		void deliver(TopicMessage message, Position previous, @Nullable String reason);

		/** Numbers up to the position carry no message. */
		void move(Position position);

	}

}
