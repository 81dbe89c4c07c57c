package dev.realtime.occupancy;

import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;

/**
 * Knows for each topic how many nodes have subscribers, and which change was published.
 * Safe for any number of threads; nothing but {@link #close} blocks.
 * <ul>
 * <li>A change is handed to one node at a time, and the next change of its topic only
 * when that node has said that it is published. If the node does not say for a lease that
 * it still has it, another node gets it.
 * <li>A change that was handed out and is not known to be published is published again,
 * or its opposite is.
 * </ul>
 */
public interface OccupancyStore extends AutoCloseable {

	/** Into how many partitions the topics are divided. */
	int partitions();

	/** The partition of a topic. */
	int partition(Topic topic);

	/**
	 * Tells the store about a partition. Calls of one thread are carried out in their
	 * order.
	 * @return fails while the store is away; the call may have taken effect nevertheless
	 */
	CompletionStage<OccupancyReply> call(int partition, OccupancyCall call);

	/** Idempotent; what was not answered fails. */
	@Override
	void close();

}
