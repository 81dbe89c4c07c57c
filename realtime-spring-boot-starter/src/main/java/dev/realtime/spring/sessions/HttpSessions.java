package dev.realtime.spring.sessions;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.connection.CloseReason;

/**
 * The HTTP sessions that have started connections of this node, by what names them for as
 * long as they live. Safe for any number of threads.
 */
final class HttpSessions {

	/** Ended sessions that are remembered, for connections that are just being made. */
	private static final int MOST_ENDED = 10_000;

	private final Map<String, Entry> byMark = new ConcurrentHashMap<>();

	private final Runnable closed;

	@GuardedBy("ended")
	private final Map<String, Boolean> ended = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MOST_ENDED;
		}
	};

	/**
	 * Makes an empty one.
	 * @param closed called for each connection that is closed
	 */
	HttpSessions(Runnable closed) {
		this.closed = closed;
	}

	void add(LocalSession session) {
		if (!(session.attributes().get(SessionDoor.HTTP_SESSION) instanceof String mark)) {
			return;
		}
		String id = String.valueOf(session.attributes().get(SessionDoor.HTTP_SESSION_ID));
		this.byMark.compute(mark, (key, known) -> {
			Entry entry = (known != null) ? known : new Entry(id);
			// The latest handshake knows best, where no change of the id is reported.
			entry.id = id;
			entry.sessions.add(session);
			return entry;
		});
	}

	void remove(LocalSession session) {
		if (session.attributes().get(SessionDoor.HTTP_SESSION) instanceof String mark) {
			this.byMark.computeIfPresent(mark, (key, entry) -> {
				entry.sessions.remove(session);
				return entry.sessions.isEmpty() ? null : entry;
			});
		}
	}

	void rename(String mark, String id) {
		this.byMark.computeIfPresent(mark, (key, entry) -> {
			entry.id = id;
			return entry;
		});
	}

	/** Remembers the end before it looks for connections, so that none slips through. */
	void end(String mark, CloseReason reason) {
		synchronized (this.ended) {
			this.ended.put(mark, true);
		}
		Entry entry = this.byMark.get(mark);
		if (entry != null) {
			entry.sessions.forEach((session) -> {
				if (!session.connection().isGone()) {
					this.closed.run();
					session.connection().close(reason);
				}
			});
		}
	}

	boolean hasEnded(String mark) {
		synchronized (this.ended) {
			return this.ended.containsKey(mark);
		}
	}

	/** Returns the ids, by mark, of those with a connection of a user. */
	Map<String, String> ofUsers() {
		Map<String, String> ids = new HashMap<>();
		this.byMark.forEach((mark, entry) -> {
			if (entry.sessions.stream().anyMatch((session) -> session.user() != null)) {
				ids.put(mark, entry.id);
			}
		});
		return ids;
	}

	/** One HTTP session. */
	private static final class Entry {

		final Set<LocalSession> sessions = ConcurrentHashMap.newKeySet(2);

		volatile String id;

		Entry(String id) {
			this.id = id;
		}

	}

}
