package dev.realtime.connection;

import dev.realtime.TopicMessage;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The application's own step between a connection's queue and its socket: sees each topic
 * message for each subscriber, and transforms or vetoes it. Messages wait, are counted
 * and are dropped in the queue as always; a connection's next batch is taken out only
 * when the one before it has passed here and was written, so order and bounds hold.
 */
public interface FrameInterceptor {

	/**
	 * Whether messages must pass now. Called on shards, for each batch and each delivery:
	 * must be fast, and must not throw or block.
	 */
	boolean isActive();

	/**
	 * Runs a task on a thread that may block, never on the calling one, which is a
	 * shard's. At most one task of each connection is given at a time.
	 * @throws java.util.concurrent.RejectedExecutionException when it cannot be run: the
	 * connection is then closed
	 */
	void execute(Runnable task);

	/**
	 * Passes one message for one subscription. Called within {@link #execute}; for one
	 * connection in the order of its queue. When this method throws, an {@link Error}
	 * too, the message is lost for this subscription alone, which gets a gap instead.
	 * @param connection the receiver
	 * @param subscriptionId the subscription's id
	 * @param message what is to be written
	 * @param frame the message's frame, shared by all connections
	 * @return the same frame, another one in its place, or null when the message is
	 * vetoed
	 */
	@Nullable Frame intercept(Connection connection, String subscriptionId, TopicMessage message, Frame frame);

}
