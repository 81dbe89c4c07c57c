package dev.realtime.region;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * A topic whose copy is behind its home: what is held behind the hole, and when to ask
 * for it. Confined to the region's loop.
 */
final class TopicCopy {

	/** After so many questions without progress a copy is left to the next comparison. */
	static final int MOST_TRIES = 8;

	private static final long FIRST_WAIT_NANOS = 1_000_000_000L;

	/** What a message takes besides payload and headers, about. */
	private static final int EACH = 256;

	private static final int MOST_DOUBLINGS = 4;

	final Topic topic;

	final String home;

	/** Messages of one epoch that cannot be stored yet. */
	private final TreeMap<Long, TopicMessage> held = new TreeMap<>();

	private @Nullable String heldEpoch;

	private long heldBytes;

	/** The last position of the copy. */
	Position head;

	/** The last position at home that is known; null for none. */
	@Nullable Position target;

	long dueNanos;

	/** Whether a page was asked for that may still come. */
	boolean asked;

	private int tries;

	TopicCopy(Topic topic, String home, Position head) {
		this.topic = topic;
		this.home = home;
		this.head = head;
	}

	/**
	 * Holds messages.
	 * @param room how many more may be held
	 * @param byteRoom how many more bytes
	 */
	void hold(List<TopicMessage> messages, int room, long byteRoom) {
		int most = this.held.size() + room;
		long mostBytes = this.heldBytes + byteRoom;
		for (TopicMessage message : messages) {
			String epoch = message.position().epoch();
			if (!epoch.equals(this.heldEpoch)) {
				this.held.clear();
				this.heldBytes = 0;
				this.heldEpoch = epoch;
			}
			if (this.held.size() < most && this.heldBytes + bytes(message) <= mostBytes
					&& this.held.putIfAbsent(message.seq(), message) == null) {
				this.heldBytes += bytes(message);
			}
			if (this.target == null || !this.target.epoch().equals(epoch) || this.target.seq() < message.seq()) {
				this.target = message.position();
			}
		}
	}

	/** Takes what follows the head without a hole; drops what the copy has. */
	List<TopicMessage> follows() {
		List<TopicMessage> next = new ArrayList<>();
		if (!this.head.epoch().equals(this.heldEpoch)) {
			return next;
		}
		Map<Long, TopicMessage> old = this.held.headMap(this.head.seq(), true);
		old.values().forEach((each) -> this.heldBytes -= bytes(each));
		old.clear();
		long seq = this.head.seq() + 1;
		for (TopicMessage each = this.held.remove(seq); each != null; each = this.held.remove(seq)) {
			next.add(each);
			this.heldBytes -= bytes(each);
			seq++;
		}
		return next;
	}

	int held() {
		return this.held.size();
	}

	/** About how many bytes of memory they take. */
	long heldBytes() {
		return this.heldBytes;
	}

	boolean isGivenUp() {
		return this.tries >= MOST_TRIES;
	}

	private static long bytes(TopicMessage message) {
		long headers = 0;
		for (Map.Entry<String, String> each : message.content().headers().entrySet()) {
			headers += 2L * (each.getKey().length() + each.getValue().length()) + 64;
		}
		return EACH + headers + message.content().size();
	}

	/** Whether the copy has all that is known of. */
	boolean isComplete() {
		Position known = this.target;
		return known == null || (known.sameEpoch(this.head) && known.seq() <= this.head.seq());
	}

	void progressed(Position head) {
		if (!head.equals(this.head)) {
			this.tries = 0;
		}
		this.head = head;
	}

	void wasAsked(long nowNanos) {
		this.asked = true;
		this.dueNanos = nowNanos + (FIRST_WAIT_NANOS << Math.min(this.tries++, MOST_DOUBLINGS));
	}

}
