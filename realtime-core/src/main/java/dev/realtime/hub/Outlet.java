package dev.realtime.hub;

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
 * lock, which callers hold.
 */
final class Outlet implements DeliveryLane.Exit {

	private final Hub hub;

	private final Topic topic;

	private final Audiences audiences;

	private final Runnable whenDue;

	/** Null where the topic has no rate. */
	private @Nullable DeliveryLane lane;

	/** Whether the clock will ask for what is due. */
	private boolean clocked;

	/**
	 * Makes one.
	 * @param whenDue calls {@link #releaseWhatIsDue} under the lock; run by the hub's
	 * clock
	 */
	Outlet(Hub hub, Topic topic, Runnable whenDue) {
		this.hub = hub;
		this.topic = topic;
		this.whenDue = whenDue;
		this.audiences = new Audiences(hub);
	}

	int subscribers() {
		return this.audiences.subscribers();
	}

	/**
	 * Lets a subscriber begin.
	 * @param position of the feed: what waits for its time is live for the subscriber,
	 * unless it recovers
	 */
	void join(Subscriber subscriber, SubscribeRequest request, Position position) {
		DeliveryLane current = laneOf(subscriber.policy(), position);
		this.audiences
			.join(new Step.Join(subscriber, request, (current != null) ? current.released() : position, position));
	}

	void leave(Subscriber subscriber) {
		this.audiences.leave(subscriber);
	}

	void signal(Signal signal) {
		this.audiences.handOver(new Step.Ephemeral(new EncodedSignal(signal, this.hub.encoder)));
	}

	/** The feed has a message, right behind the position. */
	void deliver(TopicMessage message, Position previous) {
		DeliveryLane current = this.lane;
		if (current == null) {
			deliver(message, previous, null);
		}
		else if (subscribers() == 0) {
			current.restart(message.position());
		}
		else {
			try {
				current.take(message, this.hub.environment.nanoTime());
			}
			finally {
				afterwards(current);
			}
		}
	}

	void moveTo(Position position) {
		if (this.lane != null) {
			this.lane.moveTo(position);
		}
		else {
			move(position);
		}
	}

	/** A range of numbers does not come; what waits is before it. */
	void missing(Step.Missing range) {
		if (this.lane != null) {
			this.lane.flush();
			this.lane.restart(new Position(range.epoch(), range.to()));
		}
		this.audiences.handOver(range);
	}

	/** The clock: some of what waits is due. */
	void releaseWhatIsDue() {
		this.clocked = false;
		DeliveryLane current = this.lane;
		if (current != null) {
			try {
				current.release(this.hub.environment.nanoTime());
			}
			finally {
				afterwards(current);
			}
		}
	}

	@Override
	public void deliver(TopicMessage message, Position previous, @Nullable String reason) {
		EncodedGap leftOut = (reason != null && previous.sameEpoch(message.position())) ? new EncodedGap(this.topic,
				previous.epoch(), previous.seq() + 1, message.seq() - 1, reason, this.hub.encoder) : null;
		this.audiences.handOver(new Step.Message(new EncodedMessage(message, this.hub.encoder), previous, leftOut));
	}

	@Override
	public void move(Position position) {
		this.audiences.handOver(new Step.Move(position));
	}

	private void afterwards(DeliveryLane current) {
		this.hub.stats.leftOut.add(current.leftOut);
		current.leftOut = 0;
		long nowNanos = this.hub.environment.nanoTime();
		long wait = current.dueAfter(nowNanos);
		if (wait >= 0 && !this.clocked) {
			this.hub.later(Duration.ofNanos(wait), this.whenDue);
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
				? new DeliveryLane(policy, position, this.hub.environment.nanoTime(), this) : null;
		return this.lane;
	}

}
