package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Counts each user's connections on this node: from the moment a socket is open where its
 * handshake says who the user is, else from CONNECT on, until the socket is closed. Safe
 * for any number of threads.
 */
final class UserConnections {

	private final int most;

	private final Map<String, Set<String>> byUser = new ConcurrentHashMap<>();

	/** The user of the handshake, of those that have not sent CONNECT, by connection. */
	private final Map<String, String> waiting = new ConcurrentHashMap<>();

	private final @Nullable FleetConnections fleet;

	/** Counts on this node alone; 0 means any number. */
	UserConnections(int most) {
		this(most, null);
	}

	/**
	 * Counts on this node.
	 * @param most how many a user may have here; 0 means any number
	 * @param fleet counts on all nodes, or null
	 */
	UserConnections(int most, @Nullable FleetConnections fleet) {
		this.most = (most > 0 || fleet == null) ? most : Integer.MAX_VALUE;
		this.fleet = fleet;
	}

	/** Returns a sentence for those who have too many. */
	String sentence() {
		return "You have " + this.most + " connections already, the most allowed";
	}

	/** Whether the user may have one connection more now. */
	boolean hasRoom(@Nullable String user) {
		Set<String> connections = (user != null && this.most > 0) ? this.byUser.get(user) : null;
		return connections == null || connections.size() < this.most;
	}

	/**
	 * Counts a connection whose socket was opened.
	 * @param user the user of its handshake, or null if that names none
	 * @return false if the user has as many as allowed
	 */
	boolean opened(@Nullable String user, Connection connection) {
		if (user == null || this.most == 0) {
			return true;
		}
		if (!add(user, connection)) {
			return false;
		}
		String id = connection.id();
		this.waiting.put(id, user);
		connection.whenClosed(() -> this.waiting.remove(id));
		return true;
	}

	/**
	 * Counts a connection whose CONNECT says who the user is: one that is counted already
	 * is not counted twice, and no longer counts for another user of its handshake.
	 * @return false if the user has as many as allowed
	 */
	boolean connected(@Nullable String user, Connection connection) {
		if (this.most == 0) {
			return true;
		}
		String before = this.waiting.remove(connection.id());
		if (before != null && before.equals(user)) {
			return true;
		}
		if (before != null) {
			remove(before, connection.id());
		}
		return user == null || add(user, connection);
	}

	/** Returns how many users have connections. */
	int size() {
		return this.byUser.size();
	}

	private boolean add(String user, Connection connection) {
		boolean[] added = new boolean[1];
		this.byUser.compute(user, (name, known) -> {
			String id = connection.id();
			if (known == null) {
				added[0] = true;
				return Set.of(id);
			}
			added[0] = known.contains(id) || known.size() < this.most;
			return (added[0] && !known.contains(id)) ? with(known, id) : known;
		});
		if (added[0]) {
			if (this.fleet != null) {
				this.fleet.joined(user, connection);
			}
			connection.whenClosed(() -> remove(user, connection.id()));
		}
		return added[0];
	}

	private void remove(String user, String connection) {
		if (this.fleet != null) {
			this.fleet.left(user, connection);
		}
		this.byUser.computeIfPresent(user, (name, connections) -> {
			if (!connections.contains(connection)) {
				return connections;
			}
			if (connections.size() == 1) {
				return null;
			}
			connections.remove(connection);
			return connections;
		});
	}

	/** The set with one more. That of a user with one connection takes no table. */
	private static Set<String> with(Set<String> known, String connection) {
		Set<String> connections = known;
		if (known.size() == 1) {
			connections = ConcurrentHashMap.newKeySet(4);
			connections.addAll(known);
		}
		connections.add(connection);
		return connections;
	}

}
