package dev.realtime.node;

import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.broker.Broker;

/**
 * A process that publishes in the fleet: a {@link RealtimeNode}, which holds connections
 * too, or a {@link PublisherNode}. Safe for any number of threads.
 */
public interface FleetMember extends AutoCloseable {

	/** Connects; idempotent. */
	void start();

	/** Names it in the fleet. */
	String id();

	/** What numbers, keeps and announces. */
	Broker broker();

	/** Whether it is started and not yet closed; it may be on its way out. */
	boolean isOpen();

	/** Messages published through it. */
	long published();

	/** Messages that could not be published through it. */
	long publishFailures();

	/**
	 * Returns the publication as a transaction of the caller's is to publish it, past
	 * this: it asks for its journey if an operator wants that.
	 */
	Publication marked(Publication publication);

	/** Counts a message that was published past it, in a transaction of the caller's. */
	void noteCommitted();

	/**
	 * Tells how each publication ends that begins from now on, in place of a listener
	 * that was told before.
	 */
	void onPublished(PublishListener listener);

	/** Publishes, with the topic's policy; see {@link dev.realtime.RealtimePublisher}. */
	CompletionStage<PublishReceipt> publish(Publication publication);

	/** Tells a signal to the topic's subscribers, on all nodes; see {@link Signal}. */
	CompletionStage<Void> signal(Signal signal);

	/** Leaves the fleet, and closes the broker; idempotent. */
	@Override
	void close();

}
