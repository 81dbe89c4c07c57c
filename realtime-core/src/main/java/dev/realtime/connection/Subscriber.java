package dev.realtime.connection;

import java.util.List;

import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.delivery.Audience;
import dev.realtime.delivery.EncodedGap;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import dev.realtime.delivery.Receiver;
import dev.realtime.feed.TopicFeed;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one connection to one topic, by its name or by a pattern. Its
 * fields that change are confined to the connection's shard.
 */
public final class Subscriber extends Receiver implements Subscription {

	final Connection connection;

	final TopicFeed feed;

	/** The connection's. */
	final SocketWriter writer;

	private final TopicPolicy policy;

	/** Whether the client subscribed to a pattern, not to the topic. */
	private final boolean byPattern;

	int waitingMessages;

	int waitingBytes;

	boolean ended;

	private @Nullable Audience audience;

	/** Up to where its recovery went. */
	private @Nullable Position replayed;

	/** While it recovers. */
	private @Nullable Replay replay;

	/** Guarded by the feed's lock. */
	private boolean opened;

	Subscriber(String id, Connection connection, TopicFeed feed, TopicPolicy policy, boolean byPattern) {
		super(id, connection.writer);
		this.connection = connection;
		this.feed = feed;
		this.writer = connection.writer;
		this.policy = policy;
		this.byPattern = byPattern;
		// Of a pattern, the connection waits for the pattern's feed.
		this.opened = byPattern;
	}

	/**
	 * The subscription's id, unique on its connection but for those of one pattern.
	 */
	@Override
	public String id() {
		return this.id;
	}

	public Topic topic() {
		return this.feed.topic();
	}

	/** The connection it is one of. */
	public Connection connection() {
		return this.connection;
	}

	/** How its topic is kept and delivered. */
	@Override
	public TopicPolicy policy() {
		return this.policy;
	}

	/** Whether the client subscribed to a pattern that the topic matches. */
	public boolean isByPattern() {
		return this.byPattern;
	}

	@Override
	public boolean isOn(Topic topic) {
		return topic().equals(topic);
	}

	@Override
	public boolean mayBring(TopicPattern pattern) {
		return pattern.matches(topic());
	}

	@Override
	public List<Subscriber> subscribers() {
		return List.of(this);
	}

	@Override
	public void cancel() {
		this.connection.shared().subscribers.unsubscribe(this);
	}

	@Override
	public void opened() {
		if (!this.opened) {
			this.opened = true;
			this.connection.opened();
		}
	}

	@Override
	public void unavailable() {
		this.connection.close(CloseReason.UNAVAILABLE);
	}

	@Override
	protected boolean wantsControlEvents() {
		return this.connection.wantsControlEvents();
	}

	/** Returns what begins its life. */
	Entry entry(SubscribeRequest request) {
		long asked = this.connection.environment().nanoTime();
		return (audience, published) -> begin(request, asked, audience, published);
	}

	private void begin(SubscribeRequest request, long asked, Audience audience, Position published) {
		if (this.ended) {
			return;
		}
		this.audience = audience;
		this.replay = new Replay(this, request, asked, audience, published);
		this.writer.replays++;
		this.replay.begin();
	}

	/**
	 * What it is live in, or will be; null before its recovery has begun. On the shard.
	 */
	public @Nullable Audience audience() {
		return this.audience;
	}

	@Override
	public void continueReplay() {
		if (this.replay != null) {
			this.replay.pump();
		}
	}

	void endReplay() {
		if (this.replay != null) {
			this.replay = null;
			this.writer.replays--;
		}
	}

	/**
	 * Leaves its audience, and lets the queue write what waits. Where a recovery has not
	 * written all yet the connection is closed, so that the client comes back for it.
	 */
	void retire() {
		if (this.ended) {
			return;
		}
		if (this.audience != null) {
			this.audience.settle();
		}
		boolean behind = this.replay != null;
		this.ended = true;
		endReplay();
		if (this.audience != null) {
			this.audience.remove(this);
		}
		if (behind) {
			this.writer.overflow();
		}
	}

	/** Leaves its audience; true the first time. */
	boolean end() {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		endReplay();
		if (this.audience != null) {
			this.audience.remove(this);
		}
		this.writer.queue.removeAll(this);
		this.writer.madeRoom();
		return true;
	}

	@Override
	protected void served(Position position) {
		super.served(position);
		this.replayed = position;
	}

	/** Whether a recovery gave what is at the position: it is not replaced. */
	boolean isReplayed(Position position) {
		Position end = this.replayed;
		return end != null && end.sameEpoch(position) && position.seq() <= end.seq();
	}

	/** Whether what is at the position was delivered live, and not by a recovery. */
	boolean isLive(Position position) {
		return this.replay == null && !isReplayed(position);
	}

	@Override
	protected void leftOut(EncodedGap range, long from) {
		if (this.connection.wantsControlEvents() && !this.writer.isEnding()) {
			this.writer.queue.addGap(this, range, from);
			this.writer.markDirty();
		}
	}

	@Override
	protected void offer(TopicMessage message, Frame frame) {
		if (this.writer.isEnding()) {
			notWritten(message);
			return;
		}
		if (message.excludedSession() != null && message.excludedSession().equals(this.connection.id())) {
			notWritten(message);
			gap(message.position().epoch(), message.seq(), message.seq(), Gap.EXCLUDED);
			return;
		}
		OutboundQueue queue = this.writer.queue;
		if (this.waitingMessages > 0 && this.policy.rate().policy() == DeliveryRate.Policy.LATEST) {
			this.connection.shared().stats.conflated(queue.dropOlderOfKey(this, frame));
		}
		if (!fits(queue, frame)) {
			// Perhaps only this shard has not come to writing yet.
			this.writer.flush();
		}
		if (fits(queue, frame)) {
			this.writer.enqueue(frame, this);
			return;
		}
		if (this.policy.overflow() == Overflow.DISCONNECT) {
			notWritten(message);
			this.writer.overflow();
			return;
		}
		while (!fits(queue, frame) && queue.dropOldest(this)) {
			this.connection.shared().stats.dropped.increment();
		}
		if (fits(queue, frame)) {
			this.writer.enqueue(frame, this);
		}
		else {
			notWritten(message);
			queue.addGap(this, message.position());
			this.connection.shared().stats.dropped.increment();
			this.writer.markDirty();
		}
	}

	/** A frame that waited is not written. */
	void notWritten(Frame frame) {
		TopicMessage message = frame.journey();
		if (message != null) {
			notWritten(message);
		}
	}

	@Override
	protected void gap(String epoch, long from, long to, String reason) {
		OutboundQueue queue = this.writer.queue;
		if (!queue.holds(this)) {
			this.connection.control((encoder) -> encoder.gap(new Gap(this.id, topic(), epoch, from, to, reason)));
		}
		else if (this.connection.wantsControlEvents() && !this.writer.isEnding()) {
			// It is one of the queue's ranges, so that none of these grows past it.
			if (!queue.hasRoom(0)) {
				this.writer.overflow();
				return;
			}
			queue.addGap(this, new EncodedGap(topic(), epoch, from, to, reason, this.connection.shared().encoder),
					from);
			this.writer.markDirty();
		}
	}

	@Override
	protected boolean wants(Signal signal) {
		return this.connection.wantsControlEvents() && !this.connection.id().equals(signal.excludedSession());
	}

	@Override
	protected boolean hasRoomToSpare() {
		return this.writer.hasRoomToSpare()
				&& (this.waitingMessages == 0 || (this.waitingMessages * 2L < this.policy.queueMessages()
						&& this.waitingBytes * 2L < this.policy.queueBytes()));
	}

	private boolean fits(OutboundQueue queue, Frame frame) {
		return queue.hasRoom(frame.size())
				&& (this.waitingMessages == 0 || (this.waitingMessages < this.policy.queueMessages()
						&& this.waitingBytes + frame.size() <= this.policy.queueBytes()));
	}

}
