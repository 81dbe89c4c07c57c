package dev.realtime.delivery;

import java.time.Duration;

import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where a feed's messages leave for the audiences: at once, or at the topic's rate. The
 * rate is that of the policy which the last subscriber brought. Guarded by the feed's
 * lock, which callers hold. Internal to the engine.
 */
public final class Outlet {

	private final Delivery delivery;

	private final Topic topic;

	private final Audiences audiences;

	private final Runnable whenDue;

	/** Null where the topic has no rate. */
	private @Nullable DeliveryLane lane;

	/** Whether the clock will ask for what is due. */
	private boolean clocked;

	/**
	 * Makes one.
	 * @param whenDue calls {@link #releaseWhatIsDue} under the lock; run by the clock
	 */
	Outlet(Delivery delivery, Topic topic, Runnable whenDue) {
		this.delivery = delivery;
		this.topic = topic;
		this.whenDue = whenDue;
		this.audiences = new Audiences(delivery);
	}

	/** How many subscribers have joined and not left. */
	public int subscribers() {
		return this.audiences.subscribers();
	}

	/**
	 * Lets a subscriber begin.
	 * @param position of the feed: what waits for its time is live for the subscriber,
	 * unless it recovers
	 */
	public void join(Receiver receiver, Receiver.Entry entry, Position position) {
		DeliveryLane current = laneOf(receiver.policy(), position);
		this.audiences
			.join(new Step.Join(receiver, entry, (current != null) ? current.released() : position, position));
	}

	/** The subscriber is gone. */
	public void leave(Receiver receiver) {
		this.audiences.leave(receiver);
	}

	/** Passes a signal by all order. */
	public void signal(Signal signal) {
		int unused = this.audiences.handOver(new Step.Ephemeral(new EncodedSignal(signal, this.delivery.encoder)));
	}

	/** The feed has a message, right behind the position. */
	public void deliver(TopicMessage message, Position previous) {
		DeliveryLane current = this.lane;
		if (current == null) {
			handOver(message, previous, null);
		}
		else if (subscribers() == 0) {
			current.restart(message.position());
		}
		else {
			try {
				current.take(message, this.delivery.clock.environment().nanoTime());
			}
			finally {
				afterwards(current);
			}
		}
	}

	/** Numbers up to the position carry no message. */
	public void moveTo(Position position) {
		if (this.lane != null) {
			this.lane.moveTo(position);
		}
		else {
			handOverMove(position);
		}
	}

	/** A range of numbers does not come; what waits is before it. */
	public void missing(MissingRange range) {
		if (this.lane != null) {
			this.lane.flush();
			this.lane.restart(new Position(range.epoch(), range.to()));
		}
		int unused = this.audiences.handOver(range);
	}

	/** The clock: some of what waits is due. */
	public void releaseWhatIsDue() {
		this.clocked = false;
		DeliveryLane current = this.lane;
		if (current != null) {
			try {
				current.release(this.delivery.clock.environment().nanoTime());
			}
			finally {
				afterwards(current);
			}
		}
	}

	private void handOver(TopicMessage message, Position previous, @Nullable String reason) {
		EncodedGap leftOut = (reason != null && previous.sameEpoch(message.position())) ? new EncodedGap(this.topic,
				previous.epoch(), previous.seq() + 1, message.seq() - 1, reason, this.delivery.encoder) : null;
		boolean journey = message.content().hasJourney();
		int shards = this.audiences
			.handOver(new Step.Message(new EncodedMessage(message, this.delivery.encoder, journey), previous, leftOut));
		if (journey) {
			this.delivery.journeys().handed(message, shards);
		}
	}

	private void handOverMove(Position position) {
		int unused = this.audiences.handOver(new Step.Move(position));
	}

	private void afterwards(DeliveryLane current) {
		this.delivery.stats.leftOut.add(current.leftOut);
		current.leftOut = 0;
		long nowNanos = this.delivery.clock.environment().nanoTime();
		long wait = current.dueAfter(nowNanos);
		if (wait >= 0 && !this.clocked) {
			this.delivery.clock.after(Duration.ofNanos(wait), this.whenDue);
			this.clocked = true;
		}
	}

	private @Nullable DeliveryLane laneOf(TopicPolicy policy, Position position) {
		DeliveryLane current = this.lane;
		if (current != null && current.serves(policy)) {
			if (subscribers() == 0) {
				current.restart(position);
			}
			return current;
		}
		if (current != null) {
			current.flush();
		}
		this.lane = policy.rate().isLimited()
				? new DeliveryLane(policy, position, this.delivery.clock.environment().nanoTime(), new Exit()) : null;
		return this.lane;
	}

	/** Where messages leave the lane. */
	private final class Exit implements DeliveryLane.Exit {

		@Override
		public void deliver(TopicMessage message, Position previous, @Nullable String reason) {
			handOver(message, previous, reason);
		}

		@Override
		public void move(Position position) {
			handOverMove(position);
		}

	}

}
