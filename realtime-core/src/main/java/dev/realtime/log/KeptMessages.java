package dev.realtime.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import dev.realtime.Position;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;

/** One topic's messages in memory, of one epoch. Confined to its log's lock. */
final class KeptMessages {

	private final String epoch;

	private final NavigableMap<Long, TopicMessage> messages = new TreeMap<>();

	private Duration time = Duration.ZERO;

	/** The highest number whose message is no longer kept, or 0. */
	private long goneThrough;

	KeptMessages(String epoch) {
		this.epoch = epoch;
	}

	String epoch() {
		return this.epoch;
	}

	void add(TopicMessage message, TopicPolicy policy) {
		this.messages.put(message.seq(), message);
		this.time = policy.historyTime();
		while (this.messages.size() > policy.historySize()) {
			dropFirst();
		}
	}

	/** Drops what is older than the history. */
	void expire(long now) {
		while (!this.messages.isEmpty()
				&& this.messages.firstEntry().getValue().timestamp() + this.time.toMillis() <= now) {
			dropFirst();
		}
	}

	/** The lowest number that is kept, or the one after the head. */
	long first(Position head) {
		return this.messages.isEmpty() ? head.seq() + 1 : this.messages.firstKey();
	}

	/** Whether a message right after this number was kept once but is no longer. */
	boolean lacks(long after) {
		return this.goneThrough > after;
	}

	LogPage after(long seq, int limit, Position head, long now) {
		List<TopicMessage> found = live(this.messages.tailMap(seq, false).values(), limit + 1, now);
		if (found.size() <= limit) {
			return new LogPage.Found(found, head, head, false);
		}
		long through = found.remove(limit).seq() - 1;
		return new LogPage.Found(found, head.withSeq(through), head, true);
	}

	LogPage before(long seq, int limit, Position head, long now) {
		List<TopicMessage> found = live(this.messages.headMap(seq, false).descendingMap().values(), limit + 1, now);
		boolean hasMore = found.size() > limit;
		if (hasMore) {
			found.remove(limit);
		}
		Collections.reverse(found);
		return new LogPage.Found(found, head.withSeq(Math.max(0, seq - 1)), head, hasMore);
	}

	private static List<TopicMessage> live(Collection<TopicMessage> candidates, int limit, long now) {
		List<TopicMessage> found = new ArrayList<>();
		for (TopicMessage message : candidates) {
			if (found.size() == limit) {
				break;
			}
			if (message.expiresAt() == 0 || message.expiresAt() > now) {
				found.add(message);
			}
		}
		return found;
	}

	private void dropFirst() {
		this.goneThrough = this.messages.pollFirstEntry().getKey();
	}

}
