package dev.realtime.presence;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * Which users are on a topic, over all nodes, and on how many connections.
 * <p>
 * A user joins when the first of their connections enters, on whichever node, and leaves
 * when the last one is gone for a grace period (a page reload is no leave). A node that
 * dies leaves no ghosts: its connections vanish when its lease ends, with one leave event
 * for each user who has none left. Each event is emitted once in the fleet, on the node
 * that caused or found it; an event is lost only if that very node dies at that moment,
 * and the member list is right even then.
 * <p>
 * Safe for any number of threads; only {@link #start} and {@link #close} block. While the
 * store is away, changes are kept and written when it is back.
 */
public interface Presence extends AutoCloseable {

	/**
	 * Starts leases and sweeping; called once, before anything else.
	 * @param listener who gets the events; called on a thread of the presence's own
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

	/** Who gets the events that this node emits. */
	interface Listener {

		/**
		 * The user's first connection came.
		 * @param members how many there are now, this one included
		 */
		void onJoin(Topic topic, String user, long members);

		/**
		 * The user's last connection is gone, and the grace period over.
		 * @param members how many are left
		 */
		void onLeave(Topic topic, String user, long members);

	}

}
