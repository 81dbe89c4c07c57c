package dev.realtime.presence;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * Which users are on a topic, over all nodes, and on how many connections.
 * <p>
 * A user joins when the first of their connections enters, on any node, and leaves when
 * the last one is gone for a grace period (a page reload is no leave). A node that dies
 * leaves no ghosts: its connections vanish when its lease ends, with one leave event for
 * each user who has none left.
 * <p>
 * Each event is published once in the fleet, on the topic's presence topic
 * ({@link PresenceTopics}), in the order in which the users joined and left, so that
 * replaying the events gives the members. Topics whose name leaves no room for a presence
 * topic have no events. While a topic has more members than
 * {@link PresenceLimits#maxDiffs()}, their number is published instead. Every join or
 * leave that is not published is followed by a {@link PresenceEvent.Count} or a
 * {@link PresenceEvent.Reset} that was made later.
 * <p>
 * Safe for any number of threads; only {@link #start} and {@link #close} block. While the
 * store is away, changes are kept and written when it is back.
 */
public interface Presence extends AutoCloseable {

	/**
	 * Starts leases and sweeping; called once, before anything else.
	 * @param listener publishes the events of this node that the presence does not
	 * publish itself; called on a thread of the presence's own, in the order of the
	 * events
	 */
	void start(Listener listener);

	/**
	 * A connection of this node is on the topic now. Entering twice with the same
	 * connection counts once.
	 * @param connection an id that is unique on this node
	 * @return completes when other nodes can see it
	 */
	CompletionStage<Void> enter(Topic topic, String user, String connection);

	/** A connection of this node is no longer on the topic; unknown ones are ignored. */
	CompletionStage<Void> leave(Topic topic, String user, String connection);

	/**
	 * The members, ordered by user.
	 * @param limit at most so many
	 */
	CompletionStage<List<Member>> members(Topic topic, int limit);

	/** How many users are on the topic. */
	CompletionStage<Long> count(Topic topic);

	/** Those of the given users who are on the topic. */
	CompletionStage<Set<String>> present(Topic topic, Collection<String> users);

	/**
	 * Leaves all topics, so that other nodes see it before the lease ends, and stops;
	 * idempotent; returns within 5 s.
	 */
	@Override
	void close();

	/**
	 * A user on a topic.
	 *
	 * @param user the user's name
	 * @param connections on how many connections, over all nodes; 0 during the grace
	 * period
	 */
	record Member(String user, int connections) {
	}

	/** Publishes events. */
	@FunctionalInterface
	interface Listener {

		/**
		 * Publishes an event on the topic's presence topic.
		 * @return fails if the event was not published; the presence then makes a later
		 * one that replaces it
		 */
		CompletionStage<?> onEvent(Topic topic, PresenceEvent event);

	}

}
