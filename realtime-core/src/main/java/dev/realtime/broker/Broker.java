package dev.realtime.broker;

import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicy;
import dev.realtime.log.TopicLog;
import dev.realtime.relay.Relay;
import dev.realtime.relay.TopicTransport;
import dev.realtime.sequence.SequenceService;
import org.jspecify.annotations.Nullable;

/**
 * Numbering, log and relay behind one door. Guarantees, for every implementation:
 * <ul>
 * <li>Within (topic, epoch) seq only rises, and no two messages share one. When numbering
 * was lost, or may have been, a new epoch begins.
 * <li>A message can be read from the {@link #log()} before any listener gets it.
 * <li>If storing fails, nothing is published and the stage fails with a
 * {@link dev.realtime.PublishException}.
 * <li>Announcing is at most once: what is lost on the way is still in the log.
 * <li>Calls that one thread makes one after the other are numbered in that order.
 * </ul>
 * Safe for any number of threads; no method but {@link #start} and {@link #close} blocks.
 */
public interface Broker extends TopicTransport, AutoCloseable {

	/** Connects; called once, before anything else. */
	void start(Relay.Listener listener);

	/**
	 * Connects for publishing and signals alone, in place of {@link #start}: nothing is
	 * ever subscribed to. By default the broker starts as ever, and what arrives is
	 * ignored.
	 */
	default void startPublishing() {
		start(Relay.Listener.none());
	}

	/**
	 * Numbers, stores and announces one message.
	 * @param publication what to publish
	 * @param policy how the topic is kept
	 * @return completes when the message is stored
	 */
	CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy);

	/** What was published, for reading back. */
	TopicLog log();

	/** The numbering in use. */
	SequenceService sequence();

	/** Whether publishing and the relay work, as far as is known now. */
	boolean isConnected();

	/**
	 * Whether what keeps the messages takes some, as far as is known; it may be connected
	 * and refuse all, because it is read-only or full. Never blocks.
	 */
	default boolean isUsable() {
		return true;
	}

	/**
	 * What is wrong, in a sentence for the operator that health shows; null when all is
	 * well, or nothing more is known than {@link #isConnected()}. Never blocks.
	 */
	default @Nullable String problem() {
		return null;
	}

	/**
	 * Returns this broker as that type; null if it is of another type. A broker in front
	 * of another one, such as a {@link DelegatingBroker}, returns the one behind it if it
	 * is not of the type itself. Never blocks.
	 */
	default <T extends Broker> @Nullable T unwrap(Class<T> type) {
		return type.isInstance(this) ? type.cast(this) : null;
	}

	/** Lets go of every connection; idempotent; returns within 5 s. */
	@Override
	void close();

}
