package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.hub.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Counts each user's connections on this node, until their sockets are closed. Safe for
 * any number of threads.
 */
final class UserConnections {

	private final int most;

	private final Map<String, Set<String>> byUser = new ConcurrentHashMap<>();

	/** 0 means any number. */
	UserConnections(int most) {
		this.most = most;
	}

	/** Counts a connection; false when the user has as many as allowed. */
	boolean add(@Nullable String user, Connection connection) {
		if (user == null || this.most == 0) {
			return true;
		}
		boolean[] added = new boolean[1];
		this.byUser.compute(user, (name, known) -> {
			Set<String> connections = (known != null) ? known : ConcurrentHashMap.newKeySet(2);
			added[0] = connections.size() < this.most && connections.add(connection.id());
			return connections;
		});
		if (added[0]) {
			connection.whenClosed(() -> remove(user, connection.id()));
		}
		return added[0];
	}

	private void remove(String user, String connection) {
		this.byUser.computeIfPresent(user, (name, connections) -> {
			connections.remove(connection);
			return connections.isEmpty() ? null : connections;
		});
	}

}
