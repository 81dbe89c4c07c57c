package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** Counts each user's connections on this node. Safe for any number of threads. */
final class UserConnections {

	private final int most;

	private final Map<String, Set<String>> byUser = new ConcurrentHashMap<>();

	/** 0 means any number. */
	UserConnections(int most) {
		this.most = most;
	}

	/** Counts a connection; false when the user has as many as allowed. */
	boolean add(@Nullable String user, String connection) {
		if (user == null || this.most == 0) {
			return true;
		}
		boolean[] added = new boolean[1];
		this.byUser.compute(user, (name, known) -> {
			Set<String> connections = (known != null) ? known : ConcurrentHashMap.newKeySet(2);
			added[0] = connections.size() < this.most && connections.add(connection);
			return connections;
		});
		return added[0];
	}

	void remove(@Nullable String user, String connection) {
		if (user != null) {
			this.byUser.computeIfPresent(user, (name, connections) -> {
				connections.remove(connection);
				return connections.isEmpty() ? null : connections;
			});
		}
	}

}
