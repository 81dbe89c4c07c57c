package dev.realtime.restriction;

import java.util.concurrent.CompletionStage;

/**
 * Counts the connections of each user on all nodes. A node that has not said for some
 * time that it lives does not count. Safe for any number of threads; nothing blocks, and
 * stages fail when the store is away.
 */
public interface ConnectionCounts extends AutoCloseable {

	/**
	 * Reports how many connections a user has on this node.
	 * @param count all of them, the new ones included
	 * @param added how many are new, and not counted if they are too many
	 * @param most how many the user may have on all nodes
	 * @return how many of the new ones are too many
	 */
	CompletionStage<Integer> report(String user, int count, int added, int most);

	/**
	 * Says that this node lives.
	 * @return whether it counted as alive until now: if not, what it has reported may be
	 * forgotten
	 */
	CompletionStage<Boolean> renew();

	/** Leaves: what this node has reported does not count any more. */
	@Override
	void close();

}
