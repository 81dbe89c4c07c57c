package dev.realtime.spring.stomp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.unread.UnreadWatch;
import org.jspecify.annotations.Nullable;

/**
 * One connection's subscriptions to what is unread, by their ids. Safe for any number of
 * threads.
 */
final class UnreadWatches {

	@GuardedBy("this")
	private final Map<String, Watch> byId = new HashMap<>(2);

	@GuardedBy("this")
	private boolean ended;

	/** Whether there may be one more of this id. */
	synchronized boolean hasRoom(String id, int most) {
		return this.byId.size() < most || this.byId.containsKey(id);
	}

	/** Takes the place of the one with the same id; is closed if the connection is. */
	void put(String id, List<Topic> topics, UnreadWatch.Watching watching) {
		Watch watch = new Watch(topics, watching);
		Watch replaced;
		synchronized (this) {
			replaced = this.ended ? watch : this.byId.put(id, watch);
		}
		close(replaced);
	}

	/** Closes one; false if there is none of this id. */
	boolean remove(String id) {
		Watch removed;
		synchronized (this) {
			removed = this.byId.remove(id);
		}
		close(removed);
		return removed != null;
	}

	/** Returns the topics by the ids. */
	synchronized Map<String, List<Topic>> topics() {
		Map<String, List<Topic>> topics = new HashMap<>();
		this.byId.forEach((id, watch) -> topics.put(id, watch.topics()));
		return topics;
	}

	/** Closes all, and all that come. */
	void end() {
		Map<String, Watch> all;
		synchronized (this) {
			this.ended = true;
			all = Map.copyOf(this.byId);
			this.byId.clear();
		}
		all.values().forEach(UnreadWatches::close);
	}

	private static void close(@Nullable Watch watch) {
		if (watch != null) {
			watch.watching().close();
		}
	}

	private record Watch(List<Topic> topics, UnreadWatch.Watching watching) {
	}

}
