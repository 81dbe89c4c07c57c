package dev.realtime.relay;

import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages between nodes, at most once: it may lose messages when a connection
 * breaks, may repeat them, and may reorder those of different publishers. Whoever listens
 * puts them in order and fetches what is missing from the log. What it must not do is
 * change a message or hand it to a node that has not subscribed.
 */
public interface Relay extends TopicTransport, AutoCloseable {

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
		start(Listener.none());
	}

	/** Tells every node that has subscribed, this one included. Never blocks. */
	CompletionStage<Void> announce(TopicMessage message);

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
		static Listener none() {
			return IgnoringListener.INSTANCE;
		}

		/** A message arrived. */
		void onMessage(TopicMessage message);

		/** A signal arrived. */
		void onSignal(Signal signal);

		/**
		 * Subscriptions are in force again after the connection was lost: anything may
		 * have been missed.
		 */
		void onReconnected();

		/**
		 * Messages were dropped on their way, while subscriptions stayed in force.
		 */
		default void onDropped() {
			onReconnected();
		}

	}

}
