package dev.realtime.feed;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait behind a hole, by number, up to a bound. Guarded by the feed's lock,
 * which callers hold.
 */
final class HeldMessages {

	/** More are read from the log again. */
	private static final int MOST = 256;

	private final TreeMap<Long, TopicMessage> bySeq = new TreeMap<>();

	/** The highest number for which there was no room. */
	private long dropped;

	void hold(TopicMessage message) {
		this.bySeq.put(message.seq(), message);
		if (this.bySeq.size() > MOST) {
			this.dropped = Math.max(this.dropped, this.bySeq.pollLastEntry().getKey());
		}
	}

	/** Takes out the message with this number, and forgets those before it. */
	@Nullable TopicMessage take(long seq) {
		for (Map.Entry<Long, TopicMessage> first = this.bySeq.firstEntry(); first != null
				&& first.getKey() <= seq; first = this.bySeq.firstEntry()) {
			this.bySeq.pollFirstEntry();
			if (first.getKey() == seq) {
				return first.getValue();
			}
		}
		return null;
	}

	/** Whether messages above this number are known of, held or dropped. */
	boolean hasAbove(long seq) {
		return this.dropped > seq || (!this.bySeq.isEmpty() && this.bySeq.lastKey() > seq);
	}

	/** How many are held before this number. */
	int countBelow(long seq) {
		return this.bySeq.headMap(seq).size();
	}

	/** Forgets everything. */
	List<TopicMessage> clear() {
		List<TopicMessage> all = List.copyOf(this.bySeq.values());
		this.bySeq.clear();
		this.dropped = 0;
		return all;
	}

}
