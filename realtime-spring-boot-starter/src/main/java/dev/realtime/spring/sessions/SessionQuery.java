package dev.realtime.spring.sessions;

import dev.realtime.IllegalTopicException;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to look for: those that match everything that is given.
 *
 * @param user the user's name, or null
 * @param node the node's id, or null for all nodes
 * @param address the client's address as text, without a port, or null; a proxy's behind
 * a proxy that the server does not trust
 * @param topic a topic or a pattern of topics that the session is subscribed to, such as
 * {@code room.*}, or null
 * @param limit most sessions to return, 1 to {@value #MAX_LIMIT}
 */
public record SessionQuery(@Nullable String user, @Nullable String node, @Nullable String address,
		@Nullable String topic, int limit) {

	/** Most sessions that one query returns. */
	public static final int MAX_LIMIT = 1_000;

	/** How many are returned if nothing else is said. */
	public static final int DEFAULT_LIMIT = 100;

	private static final SessionQuery ALL = new SessionQuery(null, null, null, null, DEFAULT_LIMIT);

	private static final int MAX_TEXT = 1_024;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException if a text is too long, the pattern is none, or the
	 * limit is out of its bounds
	 */
	public SessionQuery {
		if (limit < 1 || limit > MAX_LIMIT) {
			throw new IllegalArgumentException("A query returns 1 to " + MAX_LIMIT + " sessions, not " + limit);
		}
		check(user);
		check(node);
		check(address);
		if (topic != null) {
			pattern(topic);
		}
	}

	/** All sessions, {@value #DEFAULT_LIMIT} at most. */
	public static SessionQuery all() {
		return ALL;
	}

	/** The same for one user. */
	public SessionQuery withUser(String user) {
		return new SessionQuery(user, this.node, this.address, this.topic, this.limit);
	}

	/** The same on one node. */
	public SessionQuery withNode(String node) {
		return new SessionQuery(this.user, node, this.address, this.topic, this.limit);
	}

	/** The same from one address. */
	public SessionQuery withAddress(String address) {
		return new SessionQuery(this.user, this.node, address, this.topic, this.limit);
	}

	/** The same on a topic or pattern. */
	public SessionQuery withTopic(String topic) {
		return new SessionQuery(this.user, this.node, this.address, topic, this.limit);
	}

	/** The same, at most so many. */
	public SessionQuery withLimit(int limit) {
		return new SessionQuery(this.user, this.node, this.address, this.topic, limit);
	}

	boolean matches(LocalSession session) {
		return (this.user == null || session.isOf(this.user))
				&& (this.address == null || this.address.equals(session.address()))
				&& (this.topic == null || !LocalSessions.subscriptions(session, pattern(this.topic)).isEmpty());
	}

	private static void check(@Nullable String text) {
		if (text != null && text.length() > MAX_TEXT) {
			throw new IllegalArgumentException("A text of a query has at most " + MAX_TEXT + " characters");
		}
	}

	/** A name that is no pattern is an illegal argument. */
	static TopicPattern pattern(String text) {
		try {
			return new TopicPattern(text);
		}
		catch (IllegalTopicException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

}
