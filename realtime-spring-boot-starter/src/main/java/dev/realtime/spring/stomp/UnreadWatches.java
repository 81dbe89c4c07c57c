package dev.realtime.spring.stomp;

import java.util.HashMap;
import java.util.Map;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.unread.UnreadWatch;
import org.jspecify.annotations.Nullable;

/**
 * One connection's subscriptions to what is unread, by their ids. Safe for any number of
 * threads.
 */
final class UnreadWatches {

	@GuardedBy("this")
	private final Map<String, UnreadWatch.Watching> byId = new HashMap<>(2);

	@GuardedBy("this")
	private boolean ended;

	/** Whether there may be one more of this id. */
	synchronized boolean hasRoom(String id, int most) {
		return this.byId.size() < most || this.byId.containsKey(id);
	}

	/** Takes the place of the one with the same id; is closed if the connection is. */
	void put(String id, UnreadWatch.Watching watching) {
		UnreadWatch.Watching replaced;
		synchronized (this) {
			replaced = this.ended ? watching : this.byId.put(id, watching);
		}
		close(replaced);
	}

	void remove(String id) {
		UnreadWatch.Watching removed;
		synchronized (this) {
			removed = this.byId.remove(id);
		}
		close(removed);
	}

	/** Closes all, and all that come. */
	void end() {
		Map<String, UnreadWatch.Watching> all;
		synchronized (this) {
			this.ended = true;
			all = Map.copyOf(this.byId);
			this.byId.clear();
		}
		all.values().forEach(UnreadWatches::close);
	}

	private static void close(UnreadWatch.@Nullable Watching watching) {
		if (watching != null) {
			watching.close();
		}
	}

}
