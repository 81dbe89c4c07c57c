package dev.realtime.spring.users;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions of the other nodes. Any thread may read them; everything else belongs to
 * one thread.
 */
final class RemoteRosters {

	/** Pages of further nodes are ignored. */
	static final int MAX_NODES = 1_000;

	private final Map<String, RemoteRoster> nodes = new HashMap<>();

	/** Sessions by id, by user. */
	private final Map<String, Map<String, UserSession>> byUser = new ConcurrentHashMap<>();

	private final int maxSessions;

	private final long expiryNanos;

	private final RosterCuts cuts;

	private volatile int nodeCount;

	private final AtomicInteger sessionCount = new AtomicInteger();

	/**
	 * Starts empty.
	 * @param maxSessions most sessions that are remembered
	 * @param expiryNanos after how long of silence a node is forgotten
	 */
	RemoteRosters(int maxSessions, long expiryNanos, RosterCuts cuts) {
		this.maxSessions = maxSessions;
		this.expiryNanos = expiryNanos;
		this.cuts = cuts;
	}

	/** Names of the users who have sessions on other nodes. */
	Set<String> users() {
		return this.byUser.keySet();
	}

	boolean hasUser(String user) {
		return this.byUser.containsKey(user);
	}

	/** The sessions that a user has on other nodes. */
	Collection<UserSession> sessions(String user) {
		return this.byUser.getOrDefault(user, Map.of()).values();
	}

	int nodeCount() {
		return this.nodeCount;
	}

	int sessionCount() {
		return this.sessionCount.get();
	}

	/** A page came from a node. */
	void apply(String node, RosterPage page, long nowNanos) {
		RemoteRoster roster = this.nodes.get(node);
		if (roster == null) {
			if (this.nodes.size() >= MAX_NODES) {
				this.cuts.add(1, "a page of a node beyond the first " + MAX_NODES);
				return;
			}
			roster = new RemoteRoster();
			this.nodes.put(node, roster);
			this.nodeCount = this.nodes.size();
		}
		roster.heardNanos = nowNanos;
		roster.begin(page);
		for (String id : page.ended()) {
			remove(roster, id);
		}
		for (UserSession session : page.sessions()) {
			put(roster, session);
		}
		for (String id : roster.end(page)) {
			remove(roster, id);
		}
	}

	/** A node has left, or is taken for dead. */
	void remove(String node) {
		RemoteRoster roster = this.nodes.remove(node);
		if (roster != null) {
			List.copyOf(roster.sessions.keySet()).forEach((id) -> remove(roster, id));
			this.nodeCount = this.nodes.size();
		}
	}

	/** Nothing could be heard until now, so nodes are not dead for having been silent. */
	void excuse(long nowNanos) {
		this.nodes.values().forEach((roster) -> roster.heardNanos = nowNanos);
	}

	/** Forgets the nodes that were silent for too long. */
	List<String> expire(long nowNanos) {
		List<String> silent = new ArrayList<>();
		this.nodes.forEach((node, roster) -> {
			if (nowNanos - roster.heardNanos > this.expiryNanos) {
				silent.add(node);
			}
		});
		silent.forEach(this::remove);
		return silent;
	}

	/** The nodes to ask for a list of their sessions. */
	List<String> toAsk(long nowNanos, long pauseNanos) {
		boolean room = this.sessionCount.get() < this.maxSessions * 9L / 10;
		List<String> toAsk = new ArrayList<>();
		this.nodes.forEach((node, roster) -> {
			if (roster.shouldAsk(nowNanos, pauseNanos, room)) {
				toAsk.add(node);
			}
		});
		return toAsk;
	}

	private void put(RemoteRoster roster, UserSession session) {
		RemoteRoster.Known before = roster.sessions.get(session.id());
		if (before == null && this.sessionCount.get() >= this.maxSessions) {
			roster.incomplete = true;
			this.cuts.add(1,
					"a session of another node (realtime.user-registry.max-sessions is " + this.maxSessions + ')');
			return;
		}
		roster.sessions.put(session.id(), new RemoteRoster.Known(session, roster.generation()));
		if (before == null) {
			this.sessionCount.incrementAndGet();
		}
		else if (!before.session().user().equals(session.user())) {
			unlist(before.session());
		}
		this.byUser.compute(session.user(), (user, known) -> {
			Map<String, UserSession> sessions = (known != null) ? known : new ConcurrentHashMap<>(2);
			sessions.put(session.id(), session);
			return sessions;
		});
	}

	private void remove(RemoteRoster roster, String id) {
		RemoteRoster.Known known = roster.sessions.remove(id);
		if (known != null) {
			this.sessionCount.decrementAndGet();
			unlist(known.session());
		}
	}

	private void unlist(UserSession session) {
		this.byUser.computeIfPresent(session.user(), (user, sessions) -> {
			sessions.remove(session.id());
			return sessions.isEmpty() ? null : sessions;
		});
	}

}
