package dev.realtime.region;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * The topics whose copies are known to be behind, what is held for them and which pages
 * are asked for: all of it bounded. Confined to the region's loop, apart from
 * {@link #count}.
 */
final class LaggingCopies {

	/** Most topics that are known to be behind. */
	static final int MOST = 10_000;

	/** Most messages that are held behind holes. */
	static final int MOST_HELD = 1_000;

	/** Most bytes that they take, about. */
	static final long MOST_HELD_BYTES = 16 << 20;

	/** Most pages that are asked for at the same time. */
	static final int MOST_ASKED = 64;

	/** How long a hole may close by itself. */
	private static final Duration PATIENCE = Duration.ofMillis(250);

	private final Map<Topic, TopicCopy> topics = new LinkedHashMap<>();

	private int held;

	private long heldBytes;

	private int asked;

	/** Whether a topic that is behind was not noted. */
	private boolean overflown;

	private volatile int count;

	/** How many topics are behind. Any thread. */
	int count() {
		return this.count;
	}

	/** Messages that are held. */
	int held() {
		return this.held;
	}

	@Nullable TopicCopy get(Topic topic) {
		return this.topics.get(topic);
	}

	/** Returns null when there is no room; a later comparison finds the topic. */
	@Nullable TopicCopy note(String home, Topic topic, Position head, long nowNanos) {
		TopicCopy known = this.topics.get(topic);
		if (known != null) {
			return known;
		}
		if (this.topics.size() >= MOST) {
			this.overflown = true;
			return null;
		}
		TopicCopy copy = new TopicCopy(topic, home, head);
		copy.dueNanos = nowNanos + PATIENCE.toNanos();
		this.topics.put(topic, copy);
		this.count = this.topics.size();
		return copy;
	}

	void drop(TopicCopy copy) {
		answered(copy);
		this.held -= copy.held();
		this.heldBytes -= copy.heldBytes();
		this.topics.remove(copy.topic);
		this.count = this.topics.size();
	}

	/** Holds messages behind a hole, as far as there is room. */
	void hold(TopicCopy copy, List<TopicMessage> messages) {
		int before = copy.held();
		long bytesBefore = copy.heldBytes();
		copy.hold(messages, MOST_HELD - this.held, MOST_HELD_BYTES - this.heldBytes);
		this.held += copy.held() - before;
		this.heldBytes += copy.heldBytes() - bytesBefore;
	}

	/** Takes what follows the head without a hole. */
	List<TopicMessage> follows(TopicCopy copy) {
		int before = copy.held();
		long bytesBefore = copy.heldBytes();
		List<TopicMessage> next = copy.follows();
		this.held += copy.held() - before;
		this.heldBytes += copy.heldBytes() - bytesBefore;
		return next;
	}

	/** Returns those whose time has come; none of them waits for a page any more. */
	List<TopicCopy> due(long nowNanos) {
		List<TopicCopy> due = new ArrayList<>();
		for (TopicCopy each : this.topics.values()) {
			if (nowNanos - each.dueNanos >= 0) {
				answered(each);
				due.add(each);
			}
		}
		return due;
	}

	/** Whether a page may be asked for now; if so, it counts as asked for. */
	boolean ask(TopicCopy copy, long nowNanos) {
		if (this.asked >= MOST_ASKED || copy.asked) {
			return false;
		}
		copy.wasAsked(nowNanos);
		this.asked++;
		return true;
	}

	/** A page came, or will not come. */
	void answered(TopicCopy copy) {
		if (copy.asked) {
			copy.asked = false;
			this.asked--;
		}
	}

	/** Whether topics were left out for which there is room again; asked once. */
	boolean hasRoomAgain() {
		if (!this.overflown || this.topics.size() >= MOST / 2) {
			return false;
		}
		this.overflown = false;
		return true;
	}

}
