package dev.realtime.hub;

import java.util.List;

import dev.realtime.DeliveryRate;
import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one connection to one topic, by its name or by a pattern. Its
 * fields that change are confined to the connection's shard.
 */
public final class Subscriber implements Subscription {

	final String id;

	final Connection connection;

	final TopicFeed feed;

	/** The connection's. */
	final SocketWriter writer;

	private final TopicPolicy policy;

	/** Whether the client subscribed to a pattern, not to the topic. */
	private final boolean byPattern;

	/** Where it stands in its audience, -1 while it is not live. */
	int index = -1;

	int waitingMessages;

	int waitingBytes;

	boolean ended;

	private @Nullable Audience audience;

	/** What a recovery gave already, so that live delivery does not double it. */
	private @Nullable Position served;

	/** Up to where its recovery went. */
	private @Nullable Position replayed;

	/** While it recovers. */
	private @Nullable Replay replay;

	private volatile boolean begun;

	// Guarded by the feed's lock.

	boolean joined;

	volatile boolean cancelled;

	private boolean opened;

	Subscriber(String id, Connection connection, TopicFeed feed, TopicPolicy policy, boolean byPattern) {
		this.id = id;
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
		this.connection.hub.unsubscribe(this);
	}

	/** Whether its recovery, or its life, has begun. */
	boolean hasBegun() {
		return this.begun || this.cancelled;
	}

	/**
	 * Its feed has a position, or it has left before: its connection waits for it no
	 * longer. Called under the feed's lock; idempotent.
	 */
	void opened() {
		if (!this.opened) {
			this.opened = true;
			this.connection.opened();
		}
	}

	void begin(SubscribeRequest request, Audience audience, Position published) {
		this.begun = true;
		if (this.ended) {
			return;
		}
		this.audience = audience;
		this.replay = new Replay(this, request, audience, published);
		this.writer.replays++;
		this.replay.begin();
	}

	@Nullable Audience audience() {
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

	void served(Position position) {
		this.served = position;
		this.replayed = position;
	}

	/** Whether a recovery gave what is at the position: it is not replaced. */
	boolean isReplayed(Position position) {
		Position end = this.replayed;
		return end != null && end.sameEpoch(position) && position.seq() <= end.seq();
	}

	boolean hasAlready(Position position) {
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
	boolean mayHaveSome() {
		return this.served != null;
	}

	/**
	 * Announces, in the queue, what the topic's rate leaves out, as far as a recovery has
	 * not brought it.
	 */
	void leftOut(EncodedGap range) {
		Position had = this.served;
		long from = range.from;
		if (had != null && had.epoch().equals(range.epoch)) {
			from = Math.max(from, had.seq() + 1);
		}
		if (from > range.to) {
			return;
		}
		this.served = null;
		if (this.connection.wantsControlEvents() && !this.writer.isEnding()) {
			this.writer.queue.addGap(this, range, from);
			this.writer.markDirty();
		}
	}

	/** Offers a message to the connection's queue, or says where it went instead. */
	void offer(TopicMessage message, Frame frame) {
		if (this.writer.isEnding()) {
			return;
		}
		if (message.excludedSession() != null && message.excludedSession().equals(this.connection.id())) {
			gap(message.position().epoch(), message.seq(), message.seq(), Gap.EXCLUDED);
			return;
		}
		OutboundQueue queue = this.writer.queue;
		if (this.waitingMessages > 0 && this.policy.rate().policy() == DeliveryRate.Policy.LATEST) {
			this.connection.hub.stats.conflated(queue.dropOlderOfKey(this, message));
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
			this.writer.overflow();
			return;
		}
		while (!fits(queue, frame) && queue.dropOldest(this)) {
			this.connection.hub.stats.dropped.increment();
		}
		if (fits(queue, frame)) {
			this.writer.enqueue(frame, this);
		}
		else {
			queue.addGap(this, message.position());
			this.connection.hub.stats.dropped.increment();
			this.writer.markDirty();
		}
	}

	/** Announces a range that does not come, as far as a recovery has not brought it. */
	void missing(Step.Missing range) {
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

	void gap(String epoch, long from, long to, String reason) {
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
			queue.addGap(this, new EncodedGap(topic(), epoch, from, to, reason, this.connection.hub.encoder), from);
			this.writer.markDirty();
		}
	}

	/** Whether it understands signals, and did not send this one itself. */
	boolean wants(Signal signal) {
		return this.connection.wantsControlEvents() && !this.connection.id().equals(signal.excludedSession());
	}

	/** Whether less than half of every bound is used. */
	boolean hasRoomToSpare() {
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
