package dev.realtime.connection;

import java.util.Arrays;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.delivery.EncodedGap;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import dev.realtime.delivery.ShardCounters;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one connection, in order, bounded by count and bytes. It
 * holds frames and, where messages were dropped, the gap that stands for them. Confined
 * to the connection's shard.
 * <p>
 * A ring of pairs (what, owner) that takes no memory while it is empty: most connections
 * wait for nothing most of the time.
 */
final class OutboundQueue {

	private static final Object[] NOTHING = {};

	private final int maxMessages;

	private final int maxBytes;

	private @Nullable Object[] ring = NOTHING;

	private int head;

	private int size;

	private int bytes;

	/** Taken out but not yet accepted by the socket. */
	private int writingBytes;

	private int writingMessages;

	/** The shard's part of the node's total, kept in step with what is held here. */
	private final ShardCounters counters;

	OutboundQueue(int maxMessages, int maxBytes, ShardCounters counters) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
		this.counters = counters;
	}

	/** Whether one more frame fits. An empty queue takes a frame of any size. */
	boolean hasRoom(int frameBytes) {
		int messages = this.size + this.writingMessages;
		return messages == 0
				|| (messages < this.maxMessages && this.bytes + this.writingBytes + frameBytes <= this.maxBytes);
	}

	/** Whether less than half of either bound is used. */
	boolean isHalfEmpty() {
		return (this.size + this.writingMessages) * 2L < this.maxMessages
				&& (this.bytes + this.writingBytes) * 2L < this.maxBytes;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * How much is held here; any thread may ask, which sees about the current figures.
	 */
	Waiting waiting() {
		return new Waiting(this.size + this.writingMessages, this.bytes + this.writingBytes);
	}

	/** Whether anything of the subscriber's waits. */
	boolean holds(Subscriber owner) {
		for (int i = 0; i < this.size; i++) {
			if (owner(i) == owner) {
				return true;
			}
		}
		return false;
	}

	void add(Frame frame, @Nullable Subscriber owner) {
		append(frame, owner);
		this.bytes += frame.size();
		this.counters.queued(frame.size());
		if (owner != null) {
			owner.waitingMessages++;
			owner.waitingBytes += frame.size();
		}
	}

	/** Whether so many frames would fit if nothing waited. */
	boolean couldHold(int frames, int frameBytes) {
		return frames == 1 || (frames <= this.maxMessages && frameBytes <= this.maxBytes);
	}

	/** Takes note of frames that are written without having waited. */
	void pass(int frames, int frameBytes) {
		this.counters.queued(frameBytes);
		this.writingBytes += frameBytes;
		this.writingMessages += frames;
	}

	/** Notes that this message of the subscriber's was not even queued. */
	void addGap(Subscriber owner, Position position) {
		DroppedRange last = lastRange(owner);
		if (last == null || !last.extend(position, Gap.OVERFLOW)) {
			append(new DroppedRange(owner, position, Gap.OVERFLOW), owner);
		}
	}

	/**
	 * Notes the end of a range that the subscriber does not get. What follows a range
	 * that waits becomes a part of it, so ranges do not pile up.
	 */
	void addGap(Subscriber owner, EncodedGap range, long from) {
		DroppedRange last = lastRange(owner);
		if (last == null || !last.extend(new Position(range.epoch(), range.to()), range.reason())) {
			append(new DroppedRange(owner, range, from), owner);
		}
	}

	/** The range that is the last thing that waits for the subscriber, or null. */
	private @Nullable DroppedRange lastRange(Subscriber owner) {
		for (int i = this.size - 1; i >= 0; i--) {
			if (owner(i) == owner) {
				return (what(i) instanceof DroppedRange range) ? range : null;
			}
		}
		return null;
	}

	/**
	 * Replaces a waiting message of the subscriber that has the same key as a newer one
	 * by a gap, unless a recovery gave it.
	 * @return how many messages were replaced
	 */
	int dropOlderOfKey(Subscriber owner, Frame newer) {
		String key = newer.replaceKey();
		int dropped = 0;
		@Nullable DroppedRange range = null;
		for (int i = 0; key != null && i < this.size; i++) {
			if (owner(i) != owner) {
				continue;
			}
			if (what(i) instanceof Frame frame && frame.position() != null) {
				if (!key.equals(frame.replaceKey()) || owner.isReplayed(frame.position())) {
					range = null;
					continue;
				}
				dropped++;
				forget(frame, owner, false);
				DroppedRange made = new DroppedRange(owner, frame.position(), Gap.CONFLATED);
				this.ring[slot(i)] = made;
			}
			if (what(i) instanceof DroppedRange next) {
				if (range != null && range.extend(next)) {
					remove(i--);
				}
				else {
					range = next;
				}
			}
		}
		return dropped;
	}

	/**
	 * Replaces the oldest waiting message of the subscriber by a gap, or widens the gap
	 * before it.
	 * @return whether there was one
	 */
	boolean dropOldest(Subscriber owner) {
		@Nullable DroppedRange range = null;
		boolean dropped = false;
		for (int i = 0; i < this.size; i++) {
			if (owner(i) != owner) {
				continue;
			}
			Object what = what(i);
			if (what instanceof DroppedRange other) {
				if (range != null && range.extend(other)) {
					remove(i--);
				}
				else {
					range = other;
				}
			}
			else if (what instanceof Frame frame && frame.position() != null) {
				if (dropped) {
					break;
				}
				dropped = true;
				forget(frame, owner, false);
				Position position = frame.position();
				if (range != null && range.extend(position, Gap.OVERFLOW)) {
					remove(i--);
				}
				else {
					range = new DroppedRange(owner, position, Gap.OVERFLOW);
					this.ring[slot(i)] = range;
				}
			}
		}
		return dropped;
	}

	/**
	 * Takes the next thing out: a {@link Frame} or a {@link DroppedRange}, whose bytes
	 * count until {@link #written()}.
	 */
	@Nullable Object poll() {
		if (this.size == 0) {
			return null;
		}
		Object what = what(0);
		@Nullable Subscriber owner = owner(0);
		int slot = slot(0);
		this.ring[slot] = null;
		this.ring[slot + 1] = null;
		this.head = (this.head + 2) % this.ring.length;
		this.size--;
		if (this.size == 0) {
			this.ring = (this.ring.length > 32) ? NOTHING : this.ring;
			this.head = 0;
		}
		if (what instanceof Frame frame) {
			forget(frame, owner, true);
			pass(1, frame.size());
		}
		return what;
	}

	/**
	 * Takes out the next frames, up to so many bytes but at least one. Ranges of dropped
	 * messages become frames for a client that asked for control events.
	 */
	void take(List<Frame> frames, int maxBytes, boolean controlEvents, DeliveryShard shard, FrameEncoder encoder) {
		int room = maxBytes;
		while (this.size > 0 && (frames.isEmpty() || nextSize() <= room)) {
			Object what = poll();
			if (what instanceof Frame frame) {
				frames.add(frame);
				room -= frame.size();
			}
			else if (what instanceof DroppedRange range && controlEvents) {
				frames.add(range.frame(shard, encoder));
			}
		}
	}

	/** How large the next frame is, 0 when none waits. */
	private int nextSize() {
		return (this.size > 0 && what(0) instanceof Frame frame) ? frame.size() : 0;
	}

	/** What was taken out has another size now. */
	void taken(int bytes) {
		this.counters.queued(bytes - this.writingBytes);
		this.writingBytes = bytes;
	}

	/** The socket has accepted everything that was taken out. */
	void written() {
		this.counters.queued(-this.writingBytes);
		this.writingBytes = 0;
		this.writingMessages = 0;
	}

	/** Takes out what waits for a subscription that ended. */
	void removeAll(Subscriber owner) {
		for (int i = 0; i < this.size; i++) {
			if (owner(i) == owner) {
				if (what(i) instanceof Frame frame) {
					forget(frame, owner, false);
				}
				remove(i--);
			}
		}
	}

	void clear() {
		JourneyWrite.notWritten(this.ring);
		this.counters.queued(-this.bytes);
		this.ring = NOTHING;
		this.head = 0;
		this.size = 0;
		this.bytes = 0;
		written();
	}

	private void forget(Frame frame, @Nullable Subscriber owner, boolean written) {
		this.bytes -= frame.size();
		this.counters.queued(-frame.size());
		if (owner != null) {
			owner.waitingMessages--;
			owner.waitingBytes -= frame.size();
			if (!written) {
				owner.notWritten(frame);
			}
		}
	}

	private void append(Object what, @Nullable Subscriber owner) {
		if (this.size * 2 == this.ring.length) {
			grow();
		}
		int slot = slot(this.size);
		this.ring[slot] = what;
		this.ring[slot + 1] = owner;
		this.size++;
	}

	private void grow() {
		@Nullable Object[] larger = new Object[Math.max(8, this.ring.length * 2)];
		int tail = this.ring.length - this.head;
		System.arraycopy(this.ring, this.head, larger, 0, tail);
		System.arraycopy(this.ring, 0, larger, tail, this.head);
		this.ring = larger;
		this.head = 0;
	}

	/** Moves what is older by one place: dropping takes from the old end. */
	private void remove(int index) {
		for (int i = index; i > 0; i--) {
			this.ring[slot(i)] = this.ring[slot(i - 1)];
			this.ring[slot(i) + 1] = this.ring[slot(i - 1) + 1];
		}
		Arrays.fill(this.ring, slot(0), slot(0) + 2, null);
		this.head = (this.head + 2) % this.ring.length;
		this.size--;
	}

	private int slot(int index) {
		return (this.head + index * 2) % this.ring.length;
	}

	private @Nullable Object what(int index) {
		return this.ring[slot(index)];
	}

	private @Nullable Subscriber owner(int index) {
		return (Subscriber) this.ring[slot(index) + 1];
	}

}
