package dev.realtime.relay;

import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages between nodes, at most once: it may lose messages when a connection
 * breaks, may repeat them, and may reorder those of different publishers. Whoever listens
 * puts them in order and fetches what is missing from the log. What it must not do is
 * change a message or hand it to a node that has not subscribed.
 */
public interface Relay extends AutoCloseable {

	/**
	 * Connects, before anything else is called. May block up to the connect timeout.
	 * @param listener who gets what arrives
	 */
	void start(Listener listener);

	/**
	 * Connects for announcements and signals alone, in place of {@link #start}: nothing
	 * is ever subscribed to. May block up to the connect timeout. By default the relay
	 * starts as ever, and what arrives is ignored.
	 */
	default void startAnnouncing() {
		start(Listener.NONE);
	}

	/**
	 * Asks for a topic's messages; never blocks. After a broken connection the relay
	 * subscribes again by itself, to every topic that is still wanted, and then calls
	 * {@link Listener#onReconnected()}.
	 * @return completes when the subscription is in force: everything announced from then
	 * on arrives, unless the connection breaks. Fails when the relay is away, or after a
	 * time limit of its own; the topic stays wanted until {@link #unsubscribe(Topic)}
	 */
	CompletionStage<Void> subscribe(Topic topic);

	/** No longer wants the topic's messages; some may still arrive. Never blocks. */
	CompletionStage<Void> unsubscribe(Topic topic);

	/**
	 * Asks for the messages of all topics that match, but not for signals; never blocks.
	 * A message of a topic that is also subscribed to by its name may arrive once or
	 * twice, and messages of other topics may arrive as well. Confirmation, failure and
	 * broken connections are as for a topic.
	 */
	CompletionStage<Void> subscribe(TopicPattern pattern);

	/** No longer wants those messages; some may still arrive. Never blocks. */
	CompletionStage<Void> unsubscribe(TopicPattern pattern);

	/** Tells every node that has subscribed, this one included. Never blocks. */
	CompletionStage<Void> announce(TopicMessage message);

	/**
	 * Tells every node that has subscribed to the signal's topic, this one included, at
	 * most once; what is lost is lost. Never blocks.
	 * @return completes when it is on its way; fails when it could not be sent
	 */
	CompletionStage<Void> signal(Signal signal);

	/** Whether messages of other nodes can arrive now. */
	boolean isConnected();

	/**
	 * What is wrong, in a sentence for the operator that health shows; null when all is
	 * well, or nothing more is known than {@link #isConnected()}. Never blocks.
	 */
	default @Nullable String problem() {
		return null;
	}

	/** Stops listening; idempotent; returns within 5 s. */
	@Override
	void close();

	/**
	 * Who gets what arrives. Called on the relay's I/O thread (or, for the loopback, the
	 * publisher's), one call at a time for each topic: must be quick and never block.
	 */
	interface Listener {

		/** Ignores everything: of a process that only announces. */
		Listener NONE = IgnoringListener.INSTANCE;

		/** A message arrived. */
		void onMessage(TopicMessage message);

		/** A signal arrived. */
		void onSignal(Signal signal);

		/**
		 * Subscriptions are in force again after the connection was lost: anything may
		 * have been missed.
		 */
		void onReconnected();

	}

}
