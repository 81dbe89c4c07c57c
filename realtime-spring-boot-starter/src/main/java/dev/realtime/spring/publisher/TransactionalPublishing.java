package dev.realtime.spring.publisher;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;

/**
 * Publishes in the caller's transaction: the message exists if and only if that commits.
 */
public interface TransactionalPublishing {

	/**
	 * Whether the calling thread is in a transaction that a message of the topic can be a
	 * part of.
	 */
	boolean isPossible(Topic topic);

	/**
	 * Publishes in it; blocks for a few statements. Only where {@link #isPossible} says
	 * so.
	 * @return true once the transaction has committed
	 * @throws PublishException when it could not be stored; then committing the
	 * transaction throws it again, unless it is rolled back to a savepoint before
	 */
	PublishReceipt publish(Publication publication);

}
